import type { Method } from './method.ts';

export const card = {
  id: 'card',
  flow: 'card',
  limits: { least: 1, most: 99_999_999 },
  service: null,
  choice: null,
  inputs: [],
  holds: true,
  voids: 'hold',
  refunds: 'network',
  expires: 'attempt',
  name: {
    ja: 'クレジットカード',
    en: 'Card',
    'zh-Hans': '信用卡',
    'zh-Hant': '信用卡',
    ko: '신용카드',
  },
  hint: null,
  numbers: [],
} as const satisfies Method;
