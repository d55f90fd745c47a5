import { expect, test, vi } from 'vitest';
import { ja } from '../../src/i18n/ja.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { fieldsPage } from '../../src/web/fields/page.ts';
import { render } from '../../src/web/render.ts';
import { FORM_VISITS, NUMBER_VISITS } from '../web/pay/number-visits.ts';
import { galleryNames, galleryPage, messagePages, pageFor } from '../web/pay/visits.ts';
import { leavesOf } from './leaves.ts';

/** The texts that were read while the views were made. */
const { seen, watched } = vi.hoisted(() => {
  const seen = new Set<string>();
  const watch = (value: unknown, path: string): unknown => {
    if (typeof value === 'function') {
      return (...given: unknown[]) => watch(value(...given), path);
    }
    if (typeof value !== 'object' || value === null) {
      seen.add(path);
      return value;
    }
    const below = (key: string) => (path === '' ? key : `${path}.${key}`);
    return new Proxy(value, {
      get: (target, key) => {
        const found: unknown = Reflect.get(target, key);
        return typeof key === 'string' && Object.hasOwn(target, key) ? watch(found, below(key)) : found;
      },
    });
  };
  return { seen, watched: (texts: Texts) => watch(texts, '') };
});
vi.mock('../../src/i18n/language.ts', async (original) => {
  const real = await original<typeof import('../../src/i18n/language.ts')>();
  return { ...real, TEXTS: { ...real.TEXTS, ja: watched(real.TEXTS.ja) } };
});

/** Shown where no view of the gallery is, or for a word that comes from elsewhere. */
const ELSEWHERE: Record<string, string> = {
  'entry.': 'by /pay, when an entry leads nowhere',
  'failures.': 'by the failure of an attempt',
  'paymentTypes.': 'by the payment type that a session offers or an attempt had',
  'threeDs.goBack': 'when something comes back from 3-D Secure that is nobody’s',
  'tooLarge.': 'when a form is too large',
  'receipt.ordered': 'when a part was captured',
  'receipt.refunded': 'when a part was refunded',
};

test('every text of the page is shown by some view', () => {
  for (const name of galleryNames()) galleryPage(name);
  for (const visit of Object.values(NUMBER_VISITS)) pageFor(visit);
  for (const { visit } of Object.values(FORM_VISITS)) pageFor(visit);
  messagePages();
  render('fields/card', fieldsPage({ key: '', language: 'ja', askName: true }, null));
  const shown = (path: string) =>
    seen.has(path) || Object.keys(ELSEWHERE).some((start) => path.startsWith(start));
  expect(leavesOf(ja).flatMap(({ path }) => (shown(path) ? [] : [path]))).toEqual([]);
});
