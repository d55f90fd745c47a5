import type { HttpRequest } from './http.ts';

export type Language = 'ja' | 'en';

const ENGLISH = {
  bank: 'Test Bank',
  service: 'Payment check',
  title: 'Confirm it is you',
  lead: 'We sent a code to your phone ending in 00. Enter it to approve this payment.',
  merchant: 'Shop',
  amount: 'Amount',
  card: 'Card',
  code: 'One-time code',
  hint: 'This is a test: the code is 123456.',
  confirm: 'Confirm',
  cancel: 'Cancel the payment',
  wrong: (left: number) =>
    `That code is not right. You can try ${left === 1 ? 'once more' : `${left} more times`}.`,
  other: '日本語',
  foot: 'A simulated bank for tests. No real money moves.',
  returning: 'Going back to the shop',
  returningLead: 'If nothing happens, press the button.',
  go: 'Continue',
  unknown: 'This page is not available',
  unknownLead: 'The check has ended, or was never begun. Go back to the shop and start again.',
  method_silent: 'Test Bank',
  method_silentLead: '',
};

const JAPANESE: typeof ENGLISH = {
  bank: 'テスト銀行',
  service: '本人認証サービス',
  title: 'ご本人さまの確認',
  lead: '末尾が 00 の携帯電話へ認証コードを送りました。お支払いを承認するには、コードを入力してください。',
  merchant: 'ご利用先',
  amount: '金額',
  card: 'カード',
  code: '認証コード',
  hint: 'テスト用のコードは 123456 です。',
  confirm: '確認する',
  cancel: 'お支払いをやめる',
  wrong: (left) => `コードが正しくありません。あと${left}回入力できます。`,
  other: 'English',
  foot: 'テスト用の架空の銀行です。実際のお金は動きません。',
  returning: 'お店のページに戻ります',
  returningLead: '画面が変わらないときは、ボタンを押してください。',
  go: '次へ進む',
  unknown: 'このページは表示できません',
  unknownLead:
    '本人認証はすでに終わっているか、始まっていません。お店のページに戻り、もう一度お試しください。',
  method_silent: 'テスト銀行',
  method_silentLead: '',
};

export const TEXTS = { ja: JAPANESE, en: ENGLISH } as const satisfies Record<Language, typeof ENGLISH>;

/** Chosen by hand (`lang`, in the address or in a form that was sent), else what the browser prefers, else what the AReq said of it. */
export function languageOf(request: HttpRequest, browserLanguage: string): Language {
  const posted = new URLSearchParams(request.method === 'POST' ? request.body : '');
  const wishes = [
    request.url.searchParams.get('lang') ?? '',
    posted.get('lang') ?? '',
    ...request.acceptLanguage.split(','),
    browserLanguage,
  ];
  for (const wish of wishes) {
    if (/^\s*ja\b/i.test(wish)) return 'ja';
    if (/^\s*en\b/i.test(wish)) return 'en';
  }
  return 'en';
}
