import { en } from './en.ts';
import { ja } from './ja.ts';
import { ko } from './ko.ts';
import type { Language, Texts } from './texts.ts';
import { zhHans } from './zh-hans.ts';
import { zhHant } from './zh-hant.ts';

export const TEXTS = { ja, en, 'zh-Hans': zhHans, 'zh-Hant': zhHant, ko } as const satisfies Record<
  Language,
  Texts
>;
/** As the page offers them. What was signed names them by their place: new ones go to the end. */
export const LANGUAGES = ['ja', 'en', 'zh-Hans', 'zh-Hant', 'ko'] as const satisfies readonly Language[];

export interface LanguageWish {
  /** What the shopper chose on the page, as it came in the address. */
  chosen: string | undefined;
  /** The session's `locale`: `auto` or a language tag. */
  locale: string;
  acceptLanguage: string | undefined;
}

/**
 * The shopper's choice, else the merchant's, else the browser's. A browser that wants none of our languages gets
 * English; one that says nothing is taken for Japanese.
 */
export function chooseLanguage({ chosen, locale, acceptLanguage }: LanguageWish): Language {
  const asked = languageOf(chosen ?? '') ?? languageOf(locale);
  if (asked !== null) return asked;
  const wanted = preferences(acceptLanguage ?? '');
  if (wanted.length === 0) return 'ja';
  return wanted.map(languageOf).find((language) => language !== null) ?? 'en';
}

/**
 * Ours for a language tag (BCP 47), or null. Chinese goes by its script, where none is named by its region: `zh-TW`,
 * `zh-HK` and `zh-MO` are written in traditional characters, all else in simplified ones.
 */
export function languageOf(tag: string): Language | null {
  const [primary = '', ...subtags] = tag.trim().toLowerCase().split('-');
  if (primary !== 'zh') return LANGUAGES.find((language) => language === primary) ?? null;
  const script = subtags.find((subtag) => subtag.length === 4);
  if (script !== undefined) return script === 'hant' ? 'zh-Hant' : 'zh-Hans';
  return subtags.some((subtag) => TRADITIONAL.includes(subtag)) ? 'zh-Hant' : 'zh-Hans';
}

const TRADITIONAL = ['tw', 'hk', 'mo'];

/** Language tags, most wanted first (RFC 9110, section 12.5.4). */
function preferences(header: string): string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((item) => {
      const [tag = '', ...parameters] = item.trim().split(';');
      const weight = parameters
        .map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1])
        .find((q) => q !== undefined);
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => tag !== '' && tag !== '*' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
