import type { Context } from 'hono';
import { chooseLanguage } from '../../i18n/language.ts';
import type { ConsoleLanguage } from './route.ts';

/** What is asked for in the address, else what the user set, else what the browser wants. */
export function languageOf(c: Context, own: ConsoleLanguage | null): ConsoleLanguage {
  const chosen = c.req.query('lang');
  if (chosen === 'ja' || chosen === 'en') return chosen;
  if (own !== null) return own;
  const wish = { chosen: undefined, locale: 'auto', acceptLanguage: c.req.header('Accept-Language') };
  return chooseLanguage(wish) === 'ja' ? 'ja' : 'en';
}
