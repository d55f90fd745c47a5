import { card } from './card.ts';
import { konbini } from './konbini.ts';
import type { Choice, Input, Method, MethodId, NumberPart } from './method.ts';
import { netbank } from './netbank.ts';
import { payeasy } from './payeasy.ts';

/** Every method there is, in the order in which a page lists them. A further one is a file and a line here. */
export const METHODS: readonly Method[] = [card, konbini, payeasy, netbank];

/** The description of a method, or null where there is none yet. */
export function methodOf(id: string): Method | null {
  return METHODS.find((method) => method.id === id) ?? null;
}

export function isWithinLimits({ limits }: Method, amount: number): boolean {
  return amount >= limits.least && amount <= limits.most;
}

/** Which of these methods can take an order, in the given order: one that is to be held, or of this amount. */
export function usable(
  ids: readonly string[],
  order: { amount: number; capture: 'automatic' | 'manual' },
): MethodId[] {
  return [...new Set(ids)].flatMap((id) => {
    const method = methodOf(id);
    const takes =
      method !== null && isWithinLimits(method, order.amount) && (order.capture !== 'manual' || method.holds);
    return takes ? [method.id] : [];
  });
}

export function choiceOf(method: Method, id: string | null): Choice | null {
  return method.choice?.of.find((choice) => choice.id === id) ?? null;
}

export function inputsOf(method: Method, choice: Choice | null): Input[] {
  return [...method.inputs, ...(choice?.inputs ?? [])];
}

/** The number's parts, as they are typed. */
export function numberParts(method: Method, choice: Choice | null): readonly NumberPart[] {
  return choice !== null && choice.numbers.length > 0 ? choice.numbers : method.numbers;
}

export function isWithdrawable(method: Method, choice: Choice | null): boolean {
  return method.voids === 'number' && choice?.withdrawable !== false;
}

/** A part of a number as it is read aloud; digits that the groups do not foresee stand first. */
export function inGroups(digits: string, groups: readonly number[]): string {
  const shown: string[] = [];
  let end = digits.length;
  for (const size of [...groups].reverse()) {
    if (end <= 0) break;
    shown.unshift(digits.slice(Math.max(end - size, 0), end));
    end -= size;
  }
  return end > 0 ? [digits.slice(0, end), ...shown].join(' ') : shown.join(' ');
}
