import type { Language } from '../texts.ts';
import { en, ja } from './ja-en.ts';
import type { LinkTexts } from './texts.ts';
import { ko, zhHans, zhHant } from './zh-ko.ts';

export const LINK_TEXTS: Record<Language, LinkTexts> = {
  ja,
  en,
  'zh-Hans': zhHans,
  'zh-Hant': zhHant,
  ko,
};
