import type { RequestTexts } from './texts.ts';

export const zhHant: RequestTexts = {
  title: '付款通知',
  labels: {
    payee: '收款方',
    amount: '金額',
    due: '付款期限',
    about: '內容',
    order: '訂單編號',
    items: '明細',
  },
  open: {
    text: '請確認內容後繼續。現在還不會付款。',
    button: '繼續付款',
  },
  awaiting: {
    text: '您已經選擇了付款方式。下一頁可以查看號碼和步驟。',
    button: '查看付款情況',
  },
  paid: { title: '付款已完成', text: '謝謝。您無須再次付款。' },
  receipt: '查看收據',
  alreadyPaid: {
    title: '這筆訂單已經付款',
    text: '我們已透過其他方式收到付款。您無須再次付款。',
  },
  beingPaid: {
    title: '這筆訂單正在付款',
    text: '另一個頁面正在辦理付款。請稍候再開啟。不會重複扣款。',
  },
  expired: (due) => ({
    title: '已過付款期限',
    text: `期限（${due}）已過，無法再用此連結付款。沒有扣款。如需付款，請聯絡商店。`,
  }),
  canceled: {
    title: '這份付款通知已取消',
    text: '您無須付款，也沒有扣款。如有疑問，請聯絡商店。',
  },
  contact: '商店的聯絡方式',
  genuine: '確認這份通知是否真實',
  check: {
    title: '確認付款連結',
    lead: '您可以確認付款連結是否由本服務產生。確認時不會開啟連結。',
    field: '您收到的連結',
    hint: '請貼上連結網址或郵件內文。',
    button: '確認',
    genuine: (shop) => ({
      title: '這是真實的連結',
      text: `這是 ${shop} 透過本服務產生的連結。付款前，請確認您知道這家商店和這筆金額。`,
    }),
    test: '這是測試用的連結，不會產生實際付款。',
    unknown: {
      title: '找不到這個連結',
      text: '網址屬於本服務，但沒有這樣的連結。請確認網址是否完整。',
    },
    foreign: {
      title: '這不是本服務的連結',
      text: '請不要開啟，也不要輸入信用卡號碼。外觀再相似，也是其他網站。請直接聯絡商店。',
    },
    none: {
      title: '沒有找到連結',
      text: '貼上的文字中沒有網址。請貼上以 https:// 開頭的部分。',
    },
    tooMany: { title: '請稍候', text: '短時間內確認次數過多。請一分鐘後再試。' },
  },
};
