/**
 * Types of PayResort+'s card fields, for `/js/token.js` loaded by a script element. Put this file into your project,
 * or refer to it: `/// <reference path="./token.d.ts" />`.
 */
declare function PayResort(publishableKey: string): PayResort.Client;

declare namespace PayResort {
  /** Of the script that was loaded: `1.1.0`. */
  const version: string;

  interface Client {
    cardFields(options?: CardFieldsOptions): CardFields;
  }

  interface CardFieldsOptions {
    /** Language of labels and errors. Default `auto`: that of `<html lang>`, else the browser's. */
    locale?: 'auto' | 'ja' | 'en' | 'zh-Hans' | 'zh-Hant' | 'ko';
    style?: Style;
    /** Whether the fields ask for the name on the card (default). Without it give `createToken` the name. */
    askName?: boolean;
  }

  /** Colours are `#rrggbb`; one that could not be read against `colorBackground` is moved until it can. */
  interface Style {
    /** Default `light`. `auto` follows the shopper's device: for pages that do so themselves. */
    scheme?: 'light' | 'dark' | 'auto';
    colorText?: string;
    colorMuted?: string;
    /** Of the inputs; say it also when your page is not white. */
    colorBackground?: string;
    colorBorder?: string;
    colorAccent?: string;
    colorDanger?: string;
    /** 14 to 20, in pixels; follows the shopper's own text size. Default 16. */
    fontSize?: number;
    font?: 'sans' | 'serif' | 'rounded';
    /** Of the inputs' corners, 0 to 24 pixels. Default 10. */
    radius?: number;
  }

  interface CardFields {
    /** Puts the fields into an element: a selector, or the element itself. */
    mount(target: string | Element): void;
    /**
     * Sends the card to PayResort+ and gives a token for one payment within 15 minutes. Rejects with a `CardError`;
     * the focus is then on the first field that needs attention. Asked twice, it makes one token.
     */
    createToken(details?: { name?: string }): Promise<Token>;
    /** Gives a function that takes the listener off again. */
    on<Type extends keyof Events>(type: Type, listener: (event: Events[Type]) => void): () => void;
    update(changes: { style?: Style }): void;
    /** Puts the focus on the first field that needs attention, else on the first one. */
    focus(): void;
    /** Empties every field. */
    clear(): void;
    /** Takes the fields away; a token that is being made is given up. */
    destroy(): void;
  }

  interface Token {
    /** `tok_…`: send it to your server, which calls `POST /v1/payments`. */
    token: string;
    /** RFC 3339. */
    expiresAt: string;
  }

  interface Events {
    ready: Record<string, never>;
    /** Says nothing of what was typed but the brand, and whether everything is there. */
    change: { brand: Brand | null; complete: boolean; empty: boolean };
    /** The shopper pressed Enter in a field. */
    submit: Record<string, never>;
  }

  type Brand = 'visa' | 'mastercard' | 'jcb' | 'amex' | 'diners';

  type ErrorCode =
    | 'invalid_fields'
    | 'invalid_key'
    | 'rate_limited'
    | 'unavailable'
    | 'not_mounted'
    | 'destroyed';

  interface FieldError {
    field: 'number' | 'exp' | 'csc' | 'name';
    /** `missing`, `check_digit`, `expired`, … */
    code: string;
    /** For the shopper, in the language of the fields. */
    message: string;
  }

  /** `message` is for the shopper, in the language of the fields, but with `not_mounted` and `destroyed`. */
  class CardError extends Error {
    readonly name: 'PayResortError';
    readonly code: ErrorCode;
    /** With `invalid_fields`. The fields show them by themselves. */
    readonly errors: readonly FieldError[];
  }
}

interface Window {
  readonly PayResort: typeof PayResort;
}
