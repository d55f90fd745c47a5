import type { Texts } from './texts.ts';

const NEXT = '別のカードか、ほかのお支払い方法をお試しください。';
const NOT_CHARGED = '請求はされていません。';

export const ja = {
  lang: 'ja',
  languageName: '日本語',
  languageNav: '言語',
  testMode: 'テスト環境です。実際の請求はありません。',
  summary: {
    heading: 'ご注文内容',
    total: 'お支払い金額',
    taxIncluded: '税込',
    order: 'ご注文番号',
    items: (count) => `内訳(${count}点)`,
    reducedTax: '※は軽減税率(8%)の対象です',
    payBy: 'お支払い期限',
  },
  form: {
    title: 'お支払い',
    heading: 'お支払い方法',
    number: 'カード番号',
    exp: '有効期限',
    expExample: '月/年',
    csc: 'セキュリティコード',
    cscBack: '裏面の3桁',
    cscFront: '表面の4桁',
    cscEither: '裏面の3桁(アメックスは表面の4桁)',
    name: 'カード名義',
    nameHint: 'カードの表記どおり、ローマ字で',
    email: 'メールアドレス',
    emailHint: 'カード会社の本人認証に使います',
    pay: (amount) => `${amount}を支払う`,
    paying: '送信しています…',
    secure: 'カード番号は暗号化して送られ、お店には渡りません。',
    leave: '戻る',
    faults: (count) => `入力内容をご確認ください(${count}か所)。`,
    retypeCard: '安全のため、カード番号とセキュリティコードはもう一度ご入力ください。',
    errorTitle: '入力内容をご確認ください',
    attemptsLeft: (count) => `あと${count}回お試しいただけます。`,
    fromIssuer: 'カード会社からのお知らせ',
    fields: {
      number: {
        missing: 'カード番号を入力してください。',
        invalid: 'カード番号をご確認ください。',
        invalid_characters: 'カード番号は数字で入力してください。',
        wrong_length: 'カード番号の桁数をご確認ください。',
        unknown_brand:
          'このカードはお使いいただけません。Visa、Mastercard、JCBなどのカードをお試しください。',
        check_digit: 'カード番号に打ち間違いがないかご確認ください。',
        not_a_test_card: 'テスト環境では、テスト用のカード番号だけが使えます。',
        test_card: 'テスト用のカード番号は使えません。お手持ちのカードの番号を入力してください。',
      },
      exp: {
        missing: '有効期限を入力してください。',
        invalid: '「月/年」で入力してください。例: 08/29',
        expired: '有効期限が過ぎています。',
      },
      csc: {
        missing: 'セキュリティコードを入力してください。',
        invalid_characters: 'セキュリティコードは数字で入力してください。',
        wrong_length: 'セキュリティコードの桁数をご確認ください。',
      },
      name: {
        missing: 'カード名義を入力してください。',
        invalid: 'カード名義はローマ字で入力してください。例: TARO YAMADA',
        invalid_characters: 'カード名義はローマ字で入力してください。例: TARO YAMADA',
        wrong_length: 'カード名義は2〜45文字で入力してください。',
      },
      email: {
        missing: 'メールアドレスを入力してください。',
        invalid: 'メールアドレスの形式をご確認ください。例: taro@example.com',
      },
    },
  },
  cardFields: {
    title: 'カード情報の入力',
    invalidKey: 'この画面ではカード情報を受け付けられません。お店へお問い合わせください。',
    rateLimited: '続けて何度も入力されたため、受け付けられません。少し待ってから、もう一度お試しください。',
    unavailable: 'ただいまカード情報を受け付けられません。少し待ってから、もう一度お試しください。',
  },
  keeping: {
    choose: 'お支払いに使うカード',
    another: '別のカードを使う',
    expires: (date) => `有効期限 ${date}`,
    expired: (date) => `有効期限切れ(${date})のため使えません`,
    remove: '保存したカードを削除',
    removeHint: '削除したカードは次回から表示されず、お店からの請求にも使われません。',
    removeNow: (card) => `${card}を削除する`,
    save: '次回のお支払いのために、このカードを保存する',
    saveHint:
      'カード番号は暗号化して保存し、お店には渡りません。次回もセキュリティコードと本人認証が必要です。いつでもお支払い画面で削除できます。',
    charge: (shop) => `${shop}が、次の内容で後日このカードへ請求することに同意する。`,
    chargeHint:
      'カードを保存し、請求のときにこの画面での操作や本人認証は行いません。取りやめるには、お店へご連絡ください。',
  },
  paymentTypes: {
    label: 'お支払い回数',
    hint: '手数料はカード会社の定めによります',
    lumpSum: '1回払い',
    installments: (count) => `${count}回払い`,
    revolving: 'リボ払い',
    bonus: 'ボーナス一括払い',
    bonusInstallments: (count) => `ボーナス併用${count}回払い`,
    chooseAgain: 'お支払い回数をもう一度お選びください。',
    notForBrand: (brand, type) =>
      `${brand}のカードでは「${type}」をお使いいただけません。ほかのお支払い回数をお選びください。`,
  },
  failures: {
    card_declined: {
      title: 'このカードではお支払いを完了できませんでした。',
      text: `${NOT_CHARGED}${NEXT}`,
    },
    plan_declined: {
      title: 'このカードではお支払いを完了できませんでした。',
      text: `${NOT_CHARGED}1回払いに変えるか、別のカード、ほかのお支払い方法をお試しください。`,
    },
    authentication_failed: {
      title: 'カード会社の本人認証が完了しませんでした。',
      text: `${NOT_CHARGED}もう一度お試しいただくか、${NEXT}`,
    },
    authentication_rejected: {
      title: 'カード会社がこのお支払いを承認しませんでした。',
      text: `${NOT_CHARGED}${NEXT}`,
    },
    authentication_unavailable: {
      title: 'カード会社の本人認証を行えませんでした。',
      text: `${NOT_CHARGED}少し時間をおいてもう一度お試しいただくか、${NEXT}`,
    },
    authentication_canceled: {
      title: 'カード会社の本人認証が中止されました。',
      text: `${NOT_CHARGED}もう一度お試しいただくか、${NEXT}`,
    },
    authentication_timeout: {
      title: 'カード会社の本人認証が時間内に終わりませんでした。',
      text: `${NOT_CHARGED}もう一度お試しいただくか、${NEXT}`,
    },
    issuer_unavailable: {
      title: 'カード会社につながらず、お支払いを完了できませんでした。',
      text: `${NOT_CHARGED}少し時間をおいてもう一度お試しいただくか、${NEXT}`,
    },
    network_unavailable: {
      title: '通信の不具合で、お支払いを送信できませんでした。',
      text: `${NOT_CHARGED}もう一度お試しください。`,
    },
    outcome_reversed: {
      title: 'カード会社の回答が時間内に届かず、お支払いを取り消しました。',
      text: `${NOT_CHARGED}もう一度お試しいただくか、${NEXT}`,
    },
    abandoned: {
      title: '先ほどのお手続きを中止しました。',
      text: `${NOT_CHARGED}お支払い方法をもう一度お選びください。`,
    },
  },
  threeDs: {
    preparing: {
      title: '本人認証の準備をしています',
      text: 'このまま少しお待ちください。カード会社の確認へ自動的に進みます。',
    },
    askingEmail: {
      title: 'メールアドレスをご入力ください',
      text: 'カード会社の本人認証に必要です。ご入力のあと、本人認証へ進みます。',
    },
    continue: '次へ進む',
    waiting: {
      title: 'カード会社に確認しています',
      text: 'このまま少しお待ちください。二重に請求されることはありません。',
    },
    challenge: {
      title: 'カード会社の本人認証',
      text: 'カード会社の画面で、お支払いの確認をお願いします。',
    },
    openChallenge: '本人認証へ進む',
    challengeFrame: 'カード会社の本人認証の画面',
    fullPage: '全画面で開く',
    fullPageHint: '画面が表示されないときは',
    anotherWay: '別の方法で支払う',
    returned: {
      title: '本人認証の結果を確認しています',
      text: 'このまま少しお待ちください。二重に請求されることはありません。',
    },
    goBack: 'お支払い画面にお戻りください。',
  },
  bank: {
    title: '銀行の画面でお支払いください',
    text: '銀行の画面でお支払いが終わると、この画面に戻ります。戻らないときも、結果は自動で確認します。二重に請求されることはありません。',
    open: '銀行の画面を開く',
    check: '結果を確認する',
  },
  numbers: {
    requesting: {
      title: 'お支払いの準備をしています',
      text: 'このまま少しお待ちください。二重に請求されることはありません。',
    },
    issued: (by) => ({
      title: 'お支払い番号をお知らせします',
      text: `まだお支払いは完了していません。期限(${by})までにお支払いください。`,
    }),
    expired: (by) => ({
      title: 'お支払いの期限を過ぎました',
      text: `お支払いの期限(${by})を過ぎたため、この番号ではお支払いいただけません。${NOT_CHARGED}お店に戻って、もう一度お手続きください。`,
    }),
    withdrawn: {
      title: 'このお支払い番号は取り消されました',
      text: `${NOT_CHARGED}この番号ではお支払いにならないでください。くわしくはお店にお問い合わせください。`,
    },
    payBy: 'お支払い期限',
    amount: 'お支払い金額',
    printed: '端末に表示されるお名前',
    copy: 'コピー',
    copied: 'コピーしました',
    slip: 'レジでこのバーコードをご提示ください',
    print: '印刷する',
  },
  confirming: {
    title: 'お支払いの結果を確認しています。',
    text: '二重に請求されることはありません。この画面は閉じてもかまいません。',
  },
  checkAgain: '最新の状況を見る',
  results: {
    paid: { title: 'お支払いが完了しました', text: 'ありがとうございます。' },
    alreadyPaid: {
      title: 'このご注文はお支払い済みです。',
      text: 'もう一度お支払いいただく必要はありません。',
    },
    accepted: {
      title: 'お支払いを受け付けました',
      text: 'カードのご利用枠を確保しました。お店での確定後に請求されます。',
    },
    voided: {
      title: 'このお支払いは取り消されました',
      text: `${NOT_CHARGED}くわしくはお店にお問い合わせください。`,
    },
    refunded: {
      title: 'このお支払いは返金されました',
      text: 'カードへの反映には数日かかることがあります。くわしくはお店にお問い合わせください。',
    },
    shopperCanceled: {
      title: 'お支払いを中止しました',
      text: `${NOT_CHARGED}お店に戻って、お買い物をお続けください。`,
    },
    merchantCanceled: {
      title: 'このお支払いはお店により取り消されました',
      text: `${NOT_CHARGED}くわしくはお店にお問い合わせください。`,
    },
    merchantExpired: {
      title: 'このお支払いの受付は終了しました',
      text: `${NOT_CHARGED}お店に戻って、もう一度お手続きください。`,
    },
    attemptsUsed: {
      title: 'お試しいただける回数の上限に達しました',
      text: `${NOT_CHARGED}お店に戻って、もう一度お手続きください。`,
    },
    replaced: {
      title: '新しいお支払い画面があります',
      text: 'このご注文のお支払いは、あとから開いた画面でお続けください。この画面では請求されません。',
    },
    timedOut: (time) => ({
      title: 'お支払いの期限を過ぎました',
      text: `お支払いの期限(${time})を過ぎました。${NOT_CHARGED}お店に戻って、もう一度お手続きください。`,
    }),
  },
  receipt: {
    heading: 'お支払いの控え',
    shop: 'お支払い先',
    item: 'ご注文内容',
    order: 'ご注文番号',
    ordered: 'ご注文金額',
    refunded: 'うち返金済み',
    card: 'お支払い方法',
    cardEnding: (brand, last4) => `${brand} 下4桁 ${last4}`,
    paidAt: 'お支払い日時',
  },
  toShop: 'お店に戻る',
  toShopSoon: '5秒後に、自動でお店に戻ります。',
  stay: 'この画面にとどまる',
  staying: 'この画面にとどまっています。',
  notFound: {
    title: 'お支払い画面が見つかりません',
    text: 'リンクが途中で切れているか、古くなっています。この画面で請求されることはありません。お店の画面から、もう一度お進みください。',
  },
  busy: {
    title: 'ただいま混み合っています',
    text: '二重に請求されることはありません。少し時間をおいて、もう一度お試しください。',
  },
  refused: {
    title: '送信を受け付けられませんでした',
    text: '安全のため、ほかのサイトからの送信は受け付けていません。この送信では請求されていません。お支払い画面からもう一度お進みください。',
  },
  tooLarge: {
    title: '送信を受け付けられませんでした',
    text: '入力内容が長すぎるか、形が違います。この送信では請求されていません。お支払い画面からもう一度お進みください。',
  },
  entry: {
    refused: {
      title: 'お支払い画面を開けませんでした',
      text: `お店から届いた情報を確認できませんでした。${NOT_CHARGED}お店の画面に戻り、もう一度お試しください。続くときは、下の番号をお店にお伝えください。`,
    },
    stale: {
      title: 'お支払い画面の有効時間を過ぎました',
      text: `お店の画面を開いてから時間が経っています。${NOT_CHARGED}お店の画面に戻り、もう一度お進みください。`,
    },
    paid: {
      title: 'このご注文はお支払い済みです',
      text: 'もう一度お支払いいただく必要はありません。ご注文の状況はお店の画面でご確認ください。',
    },
    inProgress: {
      title: 'このご注文はお支払いの手続き中です',
      text: '別の画面でお手続きが進んでいます。二重に請求されることはありません。そちらの画面でお続けください。',
    },
    ours: {
      title: 'ただいまお支払い画面を開けません',
      text: `${NOT_CHARGED}少し時間をおいて、お店の画面からもう一度お試しください。`,
    },
  },
  backToPage: 'お支払い画面へ',
  reference: 'お問い合わせ番号',
  footer: {
    by: 'このお支払い画面は PayResort+ が提供しています。',
    terms: '特定商取引法に基づく表記・利用規約',
    contact: 'お店へのお問い合わせ',
  },
} satisfies Texts;
