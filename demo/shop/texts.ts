import type { Refusal } from './verify.ts';

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What an order is, in words: a title, and what it means for the customer. */
export type Standing =
  | 'unpaid'
  | 'left'
  | 'expired'
  | 'failed'
  | 'processing'
  | 'awaiting'
  | 'authorized'
  | 'paid'
  | 'partially_refunded'
  | 'refunded'
  | 'voided'
  | 'lapsed';

export type Notice =
  | 'done'
  | 'pending'
  | 'refused'
  | 'declined'
  | 'unreachable'
  | 'already_paid'
  | 'in_progress'
  | 'retype'
  | 'plan';

type Both = Record<Language, string>;

export const STANDINGS: Record<Standing, { title: Both; text: Both; mark: '○' | '●' | '✓' | '–' }> = {
  unpaid: {
    mark: '○',
    title: { ja: 'お支払いをお待ちしています', en: 'Waiting for your payment' },
    text: {
      ja: 'ご注文はお預かりしています。お支払いが済むと、この画面に表示されます。',
      en: 'Your order is kept for you. This page tells you as soon as it is paid.',
    },
  },
  left: {
    mark: '–',
    title: { ja: 'お支払いは行われていません', en: 'Nothing was paid' },
    text: {
      ja: 'お支払い画面から戻られました。請求はありません。ご注文はまだお預かりしています。',
      en: 'You came back before paying. Nothing was charged, and your order is still kept.',
    },
  },
  expired: {
    mark: '–',
    title: { ja: 'お支払いの時間が過ぎました', en: 'The time to pay is over' },
    text: {
      ja: '請求はありません。よろしければ、もう一度お支払いへお進みください。',
      en: 'Nothing was charged. You are welcome to try again.',
    },
  },
  failed: {
    mark: '–',
    title: { ja: 'お支払いができませんでした', en: 'The payment did not go through' },
    text: {
      ja: '請求はありません。別のカードで、もう一度お試しいただけます。',
      en: 'Nothing was charged. You may try again with another card.',
    },
  },
  processing: {
    mark: '○',
    title: { ja: 'お支払いを確認しています', en: 'Your payment is being confirmed' },
    text: {
      ja: '結果がわかりしだい、この画面に表示されます。もう一度お支払いいただく必要はありません。',
      en: 'This page will show the result. There is no need to pay again.',
    },
  },
  awaiting: {
    mark: '○',
    title: { ja: 'お支払いをお待ちしています', en: 'Waiting for your payment' },
    text: {
      ja: 'お支払い番号を発行しました。期限までにお支払いください。',
      en: 'A payment number was issued. Please pay before it expires.',
    },
  },
  authorized: {
    mark: '✓',
    title: { ja: 'ご注文を承りました', en: 'Thank you, your order is confirmed' },
    text: {
      ja: 'カードのご利用枠を確保しました。発送するときに代金を頂戴します。',
      en: 'The amount is reserved on your card. We take it when we ship.',
    },
  },
  paid: {
    mark: '✓',
    title: { ja: 'お支払いが完了しました', en: 'Thank you, your payment is complete' },
    text: {
      ja: 'ご注文ありがとうございます。ひとつずつ包んで、二日以内にお送りします。',
      en: 'We wrap each piece by hand and ship within two days.',
    },
  },
  partially_refunded: {
    mark: '●',
    title: { ja: '一部を返金しました', en: 'Part of it was refunded' },
    text: {
      ja: '返金額がご利用明細に反映されるまで、数日かかることがあります。',
      en: 'It may take some days until your statement shows it.',
    },
  },
  refunded: {
    mark: '●',
    title: { ja: '全額を返金しました', en: 'All of it was refunded' },
    text: {
      ja: '返金がご利用明細に反映されるまで、数日かかることがあります。',
      en: 'It may take some days until your statement shows it.',
    },
  },
  voided: {
    mark: '●',
    title: { ja: 'お支払いを取り消しました', en: 'The payment was cancelled' },
    text: {
      ja: '確保していたご利用枠をお返ししました。請求はありません。',
      en: 'The reserved amount was released. Nothing was charged.',
    },
  },
  lapsed: {
    mark: '–',
    title: { ja: 'お支払いの期限が切れました', en: 'The payment lapsed' },
    text: { ja: '請求はありません。', en: 'Nothing was charged.' },
  },
};

export const NOTICES: Record<Notice, Both> = {
  done: { ja: '受け付けました。', en: 'Done.' },
  pending: {
    ja: '結果をまだ確認できていません。わかりしだい、この画面に反映されます。',
    en: 'The outcome is not known yet. This page will follow.',
  },
  refused: { ja: 'いまの状態では、この操作はできません。', en: 'That is not possible in this state.' },
  declined: {
    ja: 'カード会社に断られました。状態は変わっていません。',
    en: 'The network declined. Nothing has changed.',
  },
  unreachable: {
    ja: '決済サービスにつながりませんでした。もう一度押しても、二重に処理されることはありません。',
    en: 'The payment service could not be reached. Press again: nothing is done twice.',
  },
  already_paid: { ja: 'このご注文はお支払い済みです。', en: 'This order is already paid.' },
  in_progress: {
    ja: '別の画面でお支払いの手続き中です。そちらでお続けください。',
    en: 'This order is being paid in another window. Please continue there.',
  },
  retype: {
    ja: 'カード情報をもう一度ご入力ください。請求はされていません。',
    en: 'Please type the card once more. Nothing was charged.',
  },
  plan: {
    ja: 'このカードでは、選んだお支払い回数をお使いいただけません。請求はされていません。',
    en: 'This card does not take that payment plan. Nothing was charged.',
  },
};

export const REFUSALS: Record<Refusal, Both> = {
  incomplete: {
    ja: 'id・timestamp・signature・payload がそろっていません。',
    en: 'id, timestamp, signature and payload are not all there.',
  },
  bad_hmac: {
    ja: '当店の署名シークレットによる署名(v1)が一致しません。内容が書き換えられたか、別の鍵で署名されています。',
    en: 'No v1 signature matches our signing secret: it was altered, or signed with another key.',
  },
  too_old: {
    ja: '署名から300秒以上経っています。古い写しは受け付けません。',
    en: 'It was signed more than 300 seconds ago. Old copies are not accepted.',
  },
  too_new: {
    ja: '署名の時刻が300秒以上先になっています。',
    en: 'It was signed more than 300 seconds in the future.',
  },
  bad_ed25519: {
    ja: '公開されている鍵(JWKS)による署名(v1a)が一致しません。',
    en: 'No v1a signature matches a key that the service publishes (JWKS).',
  },
  unreadable: { ja: '内容を読み取れません。', en: 'The payload cannot be read.' },
  other_merchant: {
    ja: '署名は正しいのですが、当店宛てではありません(data.merchant_id)。',
    en: 'The signature is good, but it is meant for another shop (data.merchant_id).',
  },
  other_mode: {
    ja: '署名は正しいのですが、モードが違います(data.mode)。',
    en: 'The signature is good, but it is of the other mode (data.mode).',
  },
  unknown_order: { ja: 'このご注文は当店にありません。', en: 'We have no such order.' },
  other_amount: {
    ja: 'ご注文の金額と一致しません。',
    en: 'The amount is not the amount of the order.',
  },
};

/** What the customer is told when the service refuses, by the code of its answer. */
export function noticeOf(code: string | undefined): Notice {
  return NOTICE_OF[code ?? ''] ?? 'refused';
}

const NOTICE_OF: Record<string, Notice | undefined> = {
  order_already_paid: 'already_paid',
  order_in_progress: 'in_progress',
  token_used: 'retype',
  token_expired: 'retype',
};

export function isLanguage(text: string | undefined): text is Language {
  return LANGUAGES.some((language) => language === text);
}

export function yen(amount: number): string {
  return `¥${amount.toLocaleString('en-US')}`;
}

/** In Japan's time. */
export function dateText(iso: string, language: Language, precise = false): string {
  const format = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone: 'Asia/Tokyo',
    dateStyle: precise ? 'short' : 'long',
    timeStyle: precise ? 'medium' : 'short',
  });
  return format.format(new Date(iso));
}
