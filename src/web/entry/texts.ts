/** What a shopper reads when an entry leads nowhere: what happened, whether money moved, what to do now. */
export interface EntryText {
  ja: { title: string; text: string };
  en: { title: string; text: string };
}

export const TEXTS = {
  refused: {
    ja: {
      title: 'お支払い画面を開けませんでした',
      text: 'お店から届いた情報を確認できませんでした。請求はされていません。お店の画面に戻り、もう一度お試しください。続くときは、下の番号をお店にお伝えください。',
    },
    en: {
      title: 'The payment page could not be opened',
      text: 'What the shop sent us could not be verified. Nothing was charged. Go back to the shop and try again.',
    },
  },
  stale: {
    ja: {
      title: 'お支払い画面の有効時間を過ぎました',
      text: 'お店の画面を開いてから時間が経っています。請求はされていません。お店の画面に戻り、もう一度お進みください。',
    },
    en: {
      title: 'This link to the payment page is too old',
      text: 'It was made some time ago. Nothing was charged. Go back to the shop and continue from there.',
    },
  },
  paid: {
    ja: {
      title: 'このご注文はお支払い済みです',
      text: 'もう一度お支払いいただく必要はありません。ご注文の状況はお店の画面でご確認ください。',
    },
    en: {
      title: 'This order is already paid',
      text: 'You need not pay again. See the shop for the state of your order.',
    },
  },
  inProgress: {
    ja: {
      title: 'このご注文はお支払いの手続き中です',
      text: '別の画面でお手続きが進んでいます。二重に請求されることはありません。そちらの画面でお続けください。',
    },
    en: {
      title: 'This order is being paid',
      text: 'The payment is under way in another window. You will not be charged twice. Please continue there.',
    },
  },
  ours: {
    ja: {
      title: 'ただいまお支払い画面を開けません',
      text: '請求はされていません。少し時間をおいて、お店の画面からもう一度お試しください。',
    },
    en: {
      title: 'The payment page cannot be opened at the moment',
      text: 'Nothing was charged. Please try again from the shop in a little while.',
    },
  },
} as const satisfies Record<string, EntryText>;
