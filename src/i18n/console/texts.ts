/** The console speaks Japanese and English: each area has a file with both. */
export type ConsoleTexts<T = unknown> = Record<'ja' | 'en', T>;

/** The shape of a text, whatever it says: for the second language to be held against the first. */
export type SameShape<T> = {
  [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer V) => string
      ? (...values: V) => string
      : SameShape<T[K]>;
};
