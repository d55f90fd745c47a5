import type { MailTexts } from './texts.ts';

export const zhHant: MailTexts = {
  test: (subject) => `【測試】${subject}`,
  from: (shop) => `${shop}（PayResort+）`,
  kinds: {
    number_issued: {
      subject: (shop) => `【${shop}】付款號碼通知`,
      heading: '您的付款號碼',
      text: '您尚未付款。請在期限前使用下方號碼付款。點選按鈕可查看付款步驟和繳款單。',
      action: '查看付款步驟',
    },
    number_reminder: {
      subject: (shop) => `【${shop}】付款期限是明天`,
      heading: '付款期限是明天',
      text: '我們尚未確認到您的付款。請在期限前使用下方號碼付款。如果您已付款，請忽略此郵件。',
      action: '查看付款步驟',
    },
    number_paid: {
      subject: (shop) => `【${shop}】已確認付款`,
      heading: '已確認您的付款',
      text: '感謝您的付款。點選按鈕可開啟並列印收據。',
      action: '查看收據',
    },
    number_expired: {
      subject: (shop) => `【${shop}】付款期限已過`,
      heading: '付款期限已過',
      text: '由於未收到付款，此號碼已失效，沒有收取任何款項。請勿再使用此號碼付款。如需購買，請在商店頁面重新下單。',
      action: '開啟商店頁面',
    },
    card_paid: {
      subject: (shop) => `【${shop}】付款完成`,
      heading: '付款已完成',
      text: '已透過信用卡收款。點選按鈕可開啟並列印收據。',
      action: '查看收據',
    },
    refunded: {
      subject: (shop) => `【${shop}】退款通知`,
      heading: '已退款',
      text: '我們已向發卡公司辦理退款。顯示在帳單上可能需要數週時間。',
      action: '查看收據',
    },
    payment_request: {
      subject: (shop) => `【${shop}】付款通知`,
      heading: '請您付款',
      text: '請點選按鈕開啟付款頁面，確認金額和期限後付款。',
      action: '開啟付款頁面',
    },
    payment_request_reminder: {
      subject: (shop) => `【${shop}】付款期限將至`,
      heading: '付款期限將至',
      text: '我們尚未收到您的付款，請在期限前付款。如果您剛剛付過款，請忽略這封郵件。',
      action: '開啟付款頁面',
    },
    payment_request_canceled: {
      subject: (shop) => `【${shop}】付款通知已取消`,
      heading: '付款通知已取消',
      text: '商店取消了之前的付款通知，您無須付款。之前郵件中的連結已失效。',
    },
    user_invited: {
      subject: (shop) => `【${shop}】PayResort+ 管理後台邀請`,
      heading: '邀請您使用 PayResort+ 管理後台',
      text: '請開啟按鈕並設定密碼，即可開始使用。如果您不知情，請忽略此郵件。',
      action: '開始使用',
    },
    user_reset: {
      subject: (shop) => `【${shop}】重設密碼`,
      heading: '您可以重設密碼',
      text: '請開啟按鈕並設定新密碼。如果不是您本人申請，請忽略此郵件，密碼不會改變。',
      action: '重設密碼',
    },
    user_password_changed: {
      subject: (shop) => `【${shop}】密碼已變更`,
      heading: '您的密碼已變更',
      text: '如果不是您本人操作，請立即設定新密碼，並告知店鋪的擁有者。',
      action: '重設密碼',
    },
    user_factor_changed: {
      subject: (shop) => `【${shop}】兩步驟驗證已變更`,
      heading: '您的兩步驟驗證已變更',
      text: '驗證器應用程式、通行密鑰或復原碼已被新增、更換或移除。如果不是您本人操作，請立即設定新密碼，並告知店鋪的擁有者。',
      action: '重設密碼',
    },
    staff_paid: {
      subject: (shop) => `【${shop}】收到付款`,
      heading: '收到付款',
      text: '顧客已完成付款。',
    },
    staff_late: {
      subject: (shop) => `【${shop}】需要處理：逾期付款`,
      heading: '期限過後收到付款',
      text: '顧客在號碼失效後付款。請決定是出貨，還是透過銀行轉帳退款。便利商店和銀行無法退款。',
    },
    staff_duplicate: {
      subject: (shop) => `【${shop}】需要處理：重複付款`,
      heading: '同一訂單再次收到付款',
      text: '顧客付款兩次，或金額不符。請聯絡顧客，並透過銀行轉帳退還多付的款項。',
    },
    staff_endpoint_failing: {
      subject: (shop) => `【${shop}】需要處理：通知未送達`,
      heading: '通知位址沒有回應',
      text: '我們已多次傳送，並會繼續重試。請轉告開發人員。付款不受影響。',
    },
  },
  labels: {
    shop: '商店',
    order: '訂單編號',
    amount: '金額',
    refunded: '退款金額',
    method: '付款方式',
    place: '付款地點',
    payBy: '付款期限',
    endpoint: '通知位址',
    about: '內容',
    loginId: '登入ID',
    until: '連結有效期至',
  },
  dear: (name) => `${name} 您好：`,
  foot: {
    check: (address) => `要確認這封通知是否真實，請在瀏覽器網址列輸入 ${address} 查詢。`,
    shopper: (shop) =>
      `本郵件由支付服務 PayResort+ 就您在${shop}的付款自動寄送，無法回覆。有關訂單的問題請聯絡商店。`,
    staff: '本郵件由 PayResort+ 自動寄送至商家設定中的位址。',
    user: '本郵件由 PayResort+ 自動寄給商家管理後台的使用者。',
    userLink: '連結只能使用一次，請勿轉寄。',
    test: '這是測試，沒有實際資金往來。',
  },
};
