import type { Choice, Method, NumberPart } from './method.ts';

/** The kiosk's number and the telephone number beside it. */
const RECEIPT_NUMBER: NumberPart = {
  key: 'receipt_number',
  label: {
    ja: 'お支払い受付番号',
    en: 'Payment receipt number',
    'zh-Hans': '付款受理号码',
    'zh-Hant': '付款受理號碼',
    ko: '결제 접수번호',
  },
  groups: [6],
};
const PHONE: NumberPart = {
  key: 'phone',
  label: {
    ja: 'お電話番号',
    en: 'Phone number',
    'zh-Hans': '电话号码',
    'zh-Hant': '電話號碼',
    ko: '전화번호',
  },
  groups: [3, 4, 4],
};
const BY_PHONE = { inputs: ['phone'], withdrawable: true, numbers: [RECEIPT_NUMBER, PHONE] } as const;

/** Chains, places and numbers as the collecting agencies have them (docs/voucher-centre.md). */
const CHAINS: readonly Choice[] = [
  {
    id: 'seven_eleven',
    name: same('セブン-イレブン', '7-Eleven'),
    inputs: [],
    withdrawable: true,
    numbers: [
      {
        key: 'slip_number',
        label: {
          ja: '払込票番号',
          en: 'Payment slip number',
          'zh-Hans': '缴款单号码',
          'zh-Hant': '繳款單號碼',
          ko: '납부서 번호',
        },
        groups: [4, 4, 5],
      },
    ],
  },
  {
    id: 'familymart',
    name: same('ファミリーマート', 'FamilyMart'),
    inputs: [],
    withdrawable: true,
    numbers: [
      {
        key: 'company_code',
        label: {
          ja: '企業コード',
          en: 'Company code',
          'zh-Hans': '企业代码',
          'zh-Hant': '企業代碼',
          ko: '기업 코드',
        },
        groups: [5],
      },
      {
        key: 'order_number',
        label: {
          ja: '注文番号',
          en: 'Order number',
          'zh-Hans': '订单号码',
          'zh-Hant': '訂單號碼',
          ko: '주문번호',
        },
        groups: [4, 4, 4],
      },
    ],
  },
  { id: 'lawson', name: same('ローソン', 'Lawson'), ...BY_PHONE },
  { id: 'ministop', name: same('ミニストップ', 'Ministop'), ...BY_PHONE },
  { id: 'seicomart', name: same('セイコーマート', 'Seicomart'), ...BY_PHONE },
  {
    id: 'daily_yamazaki',
    name: same('デイリーヤマザキ', 'Daily Yamazaki'),
    inputs: [],
    withdrawable: false,
    numbers: [
      {
        key: 'online_number',
        label: {
          ja: 'オンライン決済番号',
          en: 'Online payment number',
          'zh-Hans': '在线支付号码',
          'zh-Hant': '線上支付號碼',
          ko: '온라인 결제번호',
        },
        groups: [4, 7],
      },
    ],
  },
];

export const konbini = {
  id: 'konbini',
  flow: 'number',
  limits: { least: 1, most: 300_000 },
  service: 'konbini',
  choice: {
    name: 'chain',
    label: {
      ja: 'お支払いになるお店',
      en: 'Store to pay at',
      'zh-Hans': '付款的便利店',
      'zh-Hant': '付款的便利商店',
      ko: '결제할 편의점',
    },
    of: CHAINS,
  },
  inputs: ['name', 'email'],
  holds: false,
  voids: 'number',
  refunds: 'transfer',
  expires: 'number_day',
  name: {
    ja: 'コンビニ払い',
    en: 'Convenience store',
    'zh-Hans': '便利店付款',
    'zh-Hant': '便利商店付款',
    ko: '편의점 결제',
  },
  hint: {
    ja: '番号を受け取り、お店で現金でお支払い',
    en: 'Get a number, pay in cash at the store',
    'zh-Hans': '获取号码后在店内以现金付款',
    'zh-Hant': '取得號碼後在店內以現金付款',
    ko: '번호를 받아 매장에서 현금으로 결제',
  },
  numbers: [],
} as const satisfies Method;

/** Chains are called by their own name, in Japan's script or in Roman letters. */
function same(ja: string, roman: string) {
  return { ja, en: roman, 'zh-Hans': roman, 'zh-Hant': roman, ko: roman };
}
