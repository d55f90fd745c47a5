import type { Payment } from './result-event.ts';
import type { Language } from './texts.ts';

/** How a customer pays the card's issuer back. What we get is the same, and at once. */

/** What we ask the payment page to offer; the customer's card and the season decide what of it is there. */
export const OFFERED = { installments: [2, 3, 6, 12], revolving: true, bonus: true, bonus_installments: [6] };

interface Plan {
  payment_type: string;
  count: number | null;
}

/** What customers choose from on our own page, by the word that the form sends. */
const CHOICES: Record<string, Plan | undefined> = {
  lump_sum: { payment_type: 'lump_sum', count: null },
  installments_2: { payment_type: 'installments', count: 2 },
  installments_3: { payment_type: 'installments', count: 3 },
  installments_6: { payment_type: 'installments', count: 6 },
  installments_12: { payment_type: 'installments', count: 12 },
  revolving: { payment_type: 'revolving', count: null },
};

export function choices(language: Language): { word: string; text: string }[] {
  return Object.entries(CHOICES).flatMap(([word, plan]) =>
    plan === undefined ? [] : [{ word, text: textOf(plan, language) ?? word }],
  );
}

/** `card` of `POST /v1/payments` for a word of the form; what nobody knows is a lump sum. */
export function chosenCard(word: string): Record<string, unknown> {
  const plan = CHOICES[word];
  if (plan === undefined) return {};
  const counts = plan.count === null ? {} : { installments: [plan.count] };
  return { payment_type: plan.payment_type, ...counts };
}

export function planText(card: Payment['card'], language: Language): string | null {
  return textOf({ payment_type: card?.payment_type ?? '', count: card?.installments ?? null }, language);
}

function textOf({ payment_type, count }: Plan, language: Language): string | null {
  const text = {
    lump_sum: ['1回払い', 'one payment'],
    installments: [`${count}回払い`, `${count} instalments`],
    revolving: ['リボ払い', 'revolving'],
    bonus: ['ボーナス一括払い', 'at the next bonus'],
    bonus_installments: [`ボーナス併用${count}回払い`, `${count} instalments with bonus`],
  }[payment_type];
  return text?.[language === 'ja' ? 0 : 1] ?? null;
}
