import type { MailTexts } from './texts.ts';

export const ja: MailTexts = {
  test: (subject) => `【テスト】${subject}`,
  from: (shop) => `${shop}(PayResort+)`,
  kinds: {
    number_issued: {
      subject: (shop) => `【${shop}】お支払い番号のお知らせ`,
      heading: 'お支払い番号をお知らせします',
      text: 'まだお支払いは済んでいません。下の番号で、期限までにお支払いください。お支払いの手順は、ボタンから開けます。',
      action: 'お支払いの手順を見る',
    },
    number_reminder: {
      subject: (shop) => `【${shop}】お支払い期限は明日です`,
      heading: 'お支払い期限は明日です',
      text: 'まだお支払いを確認できていません。下の番号で、期限までにお支払いください。すでにお支払いのときは、このメールは気になさらないでください。',
      action: 'お支払いの手順を見る',
    },
    number_paid: {
      subject: (shop) => `【${shop}】お支払いを確認しました`,
      heading: 'お支払いを確認しました',
      text: 'お支払いありがとうございます。領収書は、ボタンから開いて印刷できます。',
      action: '領収書を見る',
    },
    number_expired: {
      subject: (shop) => `【${shop}】お支払い期限が過ぎました`,
      heading: 'お支払い期限が過ぎました',
      text: 'お支払いがなかったため、番号は無効になりました。代金はいただいていません。この番号ではお支払いにならないでください。ご購入を続けるときは、お店のページからもう一度お申し込みください。',
      action: 'お店のページを開く',
    },
    card_paid: {
      subject: (shop) => `【${shop}】お支払いが完了しました`,
      heading: 'お支払いが完了しました',
      text: 'カードでのお支払いを承りました。領収書は、ボタンから開いて印刷できます。',
      action: '領収書を見る',
    },
    refunded: {
      subject: (shop) => `【${shop}】返金のお知らせ`,
      heading: '返金しました',
      text: 'カード会社へ返金の手続きをしました。ご利用明細に載るまで、数週間かかることがあります。',
      action: '領収書を見る',
    },
    payment_request: {
      subject: (shop) => `【${shop}】お支払いのお願い`,
      heading: 'お支払いをお願いします',
      text: 'ボタンからお支払いのページを開き、金額と期限をお確かめのうえ、お支払いください。',
      action: 'お支払いのページを開く',
    },
    payment_request_reminder: {
      subject: (shop) => `【${shop}】お支払い期限が近づいています`,
      heading: 'お支払い期限が近づいています',
      text: 'まだお支払いを確認できていません。期限までにお支払いください。すでにお支払いのときは、このメールは気になさらないでください。',
      action: 'お支払いのページを開く',
    },
    payment_request_canceled: {
      subject: (shop) => `【${shop}】お支払いのお願いを取り消しました`,
      heading: 'お支払いのお願いを取り消しました',
      text: '先にお送りしたお支払いのお願いは取り消されました。お支払いの必要はありません。先のメールのリンクは使えなくなりました。',
    },
    user_invited: {
      subject: (shop) => `【${shop}】PayResort+ コンソールへの招待`,
      heading: 'PayResort+ コンソールに招待されました',
      text: 'ボタンを開いてパスワードを決めると、加盟店コンソールを使い始められます。お心当たりがないときは、何もしないでください。',
      action: '利用を始める',
    },
    user_reset: {
      subject: (shop) => `【${shop}】パスワードの再設定`,
      heading: 'パスワードを再設定できます',
      text: 'ボタンを開いて、新しいパスワードを決めてください。お心当たりがないときは、何もしないでください。パスワードは今のままです。',
      action: 'パスワードを再設定する',
    },
    user_password_changed: {
      subject: (shop) => `【${shop}】パスワードが変更されました`,
      heading: 'パスワードが変更されました',
      text: 'お心当たりがないときは、すぐに新しいパスワードを決めて、お店のオーナー権限の方に知らせてください。',
      action: 'パスワードを再設定する',
    },
    user_factor_changed: {
      subject: (shop) => `【${shop}】ログインの確認方法が変更されました`,
      heading: 'ログインの確認方法が変更されました',
      text: '認証アプリ、パスキー、回復コードのいずれかが、追加、変更、または削除されました。お心当たりがないときは、すぐに新しいパスワードを決めて、お店のオーナー権限の方に知らせてください。',
      action: 'パスワードを再設定する',
    },
    staff_paid: {
      subject: (shop) => `【${shop}】入金がありました`,
      heading: '入金がありました',
      text: 'お客様のお支払いが完了しました。',
    },
    staff_late: {
      subject: (shop) => `【${shop}】要確認:期限後の入金`,
      heading: '期限を過ぎてから入金がありました',
      text: '番号が無効になったあとにお客様が支払われました。商品を届けるか、銀行振込で返金するかを決めてください。コンビニや銀行からは返金できません。',
    },
    staff_duplicate: {
      subject: (shop) => `【${shop}】要確認:二重の入金`,
      heading: '同じご注文に、もう一度入金がありました',
      text: 'お客様が二度支払われたか、金額が違っています。お客様に連絡し、余分な代金は銀行振込で返金してください。',
    },
    staff_endpoint_failing: {
      subject: (shop) => `【${shop}】要確認:通知が届いていません`,
      heading: '通知先が応答していません',
      text: '何度か送りましたが、通知先が受け取りません。送り直しは続けます。開発のご担当の方にお伝えください。お支払いには影響ありません。',
    },
  },
  labels: {
    shop: 'お店',
    order: 'ご注文番号',
    amount: '金額',
    refunded: '返金額',
    method: 'お支払い方法',
    place: 'お支払い先',
    payBy: 'お支払い期限',
    endpoint: '通知先',
    about: '内容',
    loginId: 'ログインID',
    until: 'リンクの期限',
  },
  dear: (name) => `${name} 様`,
  foot: {
    check: (address) =>
      `本物のお願いかどうかは、ブラウザーのアドレス欄に ${address} と入力して開くページで確かめられます。`,
    shopper: (shop) =>
      `このメールは、${shop}でのお支払いについて、決済サービス PayResort+ が自動で送っています。ご返信にはお答えできません。ご注文については、お店にお問い合わせください。`,
    staff: 'このメールは、加盟店の設定にある宛先へ PayResort+ が自動で送っています。',
    user: 'このメールは、加盟店コンソールのユーザーの方へ PayResort+ が自動で送っています。',
    userLink: 'リンクは一度だけ使えます。ほかの方に転送しないでください。',
    test: 'これはテストです。実際のお金は動いていません。',
  },
};
