import type { Choice, Method, Words } from './method.ts';
import { PAYEASY_NUMBERS } from './payeasy.ts';

/** Banks by their four-digit code; the last hands over to the centre's own list. */
const BANKS: readonly Choice[] = [
  bank('0010', 'りそな銀行', 'Resona Bank', '理索纳银行', '理索納銀行', '리소나은행'),
  bank(
    '0017',
    '埼玉りそな銀行',
    'Saitama Resona Bank',
    '埼玉理索纳银行',
    '埼玉理索納銀行',
    '사이타마리소나은행',
  ),
  bank('0001', 'みずほ銀行', 'Mizuho Bank', '瑞穗银行', '瑞穗銀行', '미즈호은행'),
  bank('0005', '三菱UFJ銀行', 'MUFG Bank', '三菱日联银行', '三菱日聯銀行', 'MUFG은행'),
  bank(
    '0009',
    '三井住友銀行',
    'Sumitomo Mitsui Banking Corporation',
    '三井住友银行',
    '三井住友銀行',
    '미쓰이스미토모은행',
  ),
  bank('9900', 'ゆうちょ銀行', 'Japan Post Bank', '日本邮政银行', '日本郵政銀行', '유초은행'),
  bank('0033', 'PayPay銀行', 'PayPay Bank', 'PayPay银行', 'PayPay銀行', 'PayPay은행'),
  bank('0036', '楽天銀行', 'Rakuten Bank', '乐天银行', '樂天銀行', '라쿠텐은행'),
  bank(
    '0038',
    '住信SBIネット銀行',
    'SBI Sumishin Net Bank',
    '住信SBI网络银行',
    '住信SBI網路銀行',
    '스미신SBI넷은행',
  ),
  bank('other', 'そのほかの銀行', 'Another bank', '其他银行', '其他銀行', '그 밖의 은행'),
];

export const netbank = {
  id: 'netbank',
  flow: 'redirect',
  limits: { least: 1, most: 99_999_999 },
  service: 'bank_link',
  choice: {
    name: 'bank',
    label: {
      ja: 'ご利用の銀行',
      en: 'Your bank',
      'zh-Hans': '您的银行',
      'zh-Hant': '您的銀行',
      ko: '이용하시는 은행',
    },
    of: BANKS,
  },
  inputs: ['name', 'kana', 'email'],
  holds: false,
  voids: 'never',
  refunds: 'transfer',
  expires: 'attempt',
  name: {
    ja: 'ネットバンキング',
    en: 'Net banking',
    'zh-Hans': '网上银行',
    'zh-Hant': '網路銀行',
    ko: '인터넷뱅킹',
  },
  hint: {
    ja: '銀行の画面で、すぐにお支払い',
    en: "Pay now on your bank's page",
    'zh-Hans': '在银行页面立即付款',
    'zh-Hant': '在銀行頁面立即付款',
    ko: '은행 화면에서 바로 결제',
  },
  numbers: PAYEASY_NUMBERS,
} as const satisfies Method;

function bank(id: string, ...[ja, en, hans, hant, ko]: [string, string, string, string, string]): Choice {
  const name: Words = { ja, en, 'zh-Hans': hans, 'zh-Hant': hant, ko };
  return { id, name, inputs: [], withdrawable: true, numbers: [] };
}
