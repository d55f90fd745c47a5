import type { Method, NumberPart } from './method.ts';

/** What is typed at an ATM or in net banking, in this order. */
export const PAYEASY_NUMBERS: readonly NumberPart[] = [
  {
    key: 'institution_number',
    label: {
      ja: '収納機関番号',
      en: 'Collecting institution number',
      'zh-Hans': '收纳机构号码',
      'zh-Hant': '收納機構號碼',
      ko: '수납기관번호',
    },
    groups: [5],
  },
  {
    key: 'customer_number',
    label: {
      ja: 'お客様番号',
      en: 'Customer number',
      'zh-Hans': '客户号码',
      'zh-Hant': '客戶號碼',
      ko: '고객번호',
    },
    groups: [4, 4, 4, 4, 4],
  },
  {
    key: 'confirmation_number',
    label: {
      ja: '確認番号',
      en: 'Confirmation number',
      'zh-Hans': '确认号码',
      'zh-Hant': '確認號碼',
      ko: '확인번호',
    },
    groups: [6],
  },
];

export const payeasy = {
  id: 'payeasy',
  flow: 'number',
  limits: { least: 1, most: 99_999_999 },
  service: 'payeasy',
  choice: null,
  inputs: ['name', 'kana', 'phone', 'email'],
  holds: false,
  voids: 'never',
  refunds: 'transfer',
  expires: 'number_day',
  name: {
    ja: 'Pay-easy(銀行ATM・ネットバンキング)',
    en: 'Pay-easy (bank ATM, net banking)',
    'zh-Hans': 'Pay-easy（银行ATM、网上银行）',
    'zh-Hant': 'Pay-easy（銀行ATM、網路銀行）',
    ko: 'Pay-easy(은행 ATM·인터넷뱅킹)',
  },
  hint: {
    ja: '番号を受け取り、ATMかネットバンキングでお支払い',
    en: 'Get numbers, pay at an ATM or in net banking',
    'zh-Hans': '获取号码后通过ATM或网上银行付款',
    'zh-Hant': '取得號碼後透過ATM或網路銀行付款',
    ko: '번호를 받아 ATM이나 인터넷뱅킹으로 결제',
  },
  numbers: PAYEASY_NUMBERS,
} as const satisfies Method;
