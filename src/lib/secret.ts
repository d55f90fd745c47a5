import { inspect } from 'node:util';

/**
 * A value that must never be printed: card numbers, security codes, key material. Every way of turning it into
 * text gives `[secret]`; `reveal` is the one way out, easy to search for.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
