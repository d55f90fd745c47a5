import { en } from './en.ts';
import { ja } from './ja.ts';
import type { Language, Texts } from './texts.ts';

export const TEXTS = { ja, en } as const satisfies Record<Language, Texts>;
export const LANGUAGES = ['ja', 'en'] as const satisfies readonly Language[];

export interface LanguageWish {
  /** What the shopper chose on the page, as it came in the address. */
  chosen: string | undefined;
  /** The session's `locale`: `auto` or a language tag. */
  locale: string;
  acceptLanguage: string | undefined;
}

/**
 * The shopper's choice, else the merchant's, else the browser's. Languages that have no texts yet are served in
 * English; a browser that says nothing is taken for Japanese.
 */
export function chooseLanguage({ chosen, locale, acceptLanguage }: LanguageWish): Language {
  const picked = LANGUAGES.find((language) => language === chosen);
  if (picked !== undefined) return picked;
  if (locale !== 'auto') return primary(locale) === 'ja' ? 'ja' : 'en';
  const wanted = preferences(acceptLanguage ?? '');
  if (wanted.length === 0) return 'ja';
  return LANGUAGES.find((language) => language === wanted.find(isLanguage)) ?? 'en';
}

/** Primary subtags, most wanted first (RFC 9110, section 12.5.4). */
function preferences(header: string): string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((item) => {
      const [tag = '', ...parameters] = item.trim().split(';');
      const weight = parameters
        .map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1])
        .find((q) => q !== undefined);
      return { tag: primary(tag), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => tag !== '' && tag !== '*' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

function primary(tag: string): string {
  return tag.trim().split('-', 1)[0]?.toLowerCase() ?? '';
}

function isLanguage(tag: string): boolean {
  return LANGUAGES.some((language) => language === tag);
}
