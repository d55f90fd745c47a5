import type { NumberTexts } from './texts.ts';

const LOPPI = (name: string) => [
  `At the ${name} machine in the store, touch “各種番号をお持ちの方” at the far left.`,
  'Type the receipt number (“受付番号”) and touch “次へ”, then the phone number and touch “次へ”.',
  'Check what is shown. The machine prints a voucher (“申込券”).',
  'Take the voucher to the register within 30 minutes and pay in cash.',
];

export const en: NumberTexts = {
  howTo: (place) => `How to pay: ${place}`,
  atm: 'Bank ATM',
  netBanking: 'Net banking',
  steps: {
    seven_eleven: [
      'Go to the register with this page open, printed, or with the number written down.',
      'Say that you pay for an internet order (“インターネット代金の支払い”) and show the barcode or the slip number.',
      'Pay in cash and take the receipt, “インターネットショッピング払込受領証”.',
    ],
    familymart: [
      'At the Famiport machine in the store, touch “代金支払い”, then “収納票発行”.',
      'Type the company code (“企業コード”) and touch “次へ”, then the order number (“注文番号”) and touch “次へ”.',
      'Check what is shown and touch “確認”. The machine prints a voucher.',
      'Take the voucher to the register within 30 minutes and pay in cash.',
    ],
    lawson: LOPPI('Loppi'),
    ministop: LOPPI('MINISTOP Loppi'),
    seicomart: [
      'At the Club Station machine in the store, touch “インターネット受付”.',
      'Type the receipt number and touch “次へすすむ”, then the phone number and touch “次へすすむ”.',
      'Three slips come out: “払込取扱票”, “払込票兼受領証” and “領収書”.',
      'Take all three to the register within 30 minutes and pay in cash.',
    ],
    daily_yamazaki: [
      'At the register, say that you pay an online payment (“オンライン決済の支払い”).',
      'Type the online payment number on the screen that faces you and touch “確定”.',
      'Pay in cash and take the receipt, “オンライン決済領収書”.',
    ],
    atm: [
      'At an ATM with Pay-easy, touch “税金・料金払込”.',
      'Type “収納機関番号” (institution), “お客様番号” (customer) and “確認番号” (confirmation), in this order.',
      'Check what is shown, pay in cash or by cash card, and take the statement.',
    ],
    net_banking: [
      'Log in to your bank and choose “税金・料金払込” (Pay-easy).',
      'Type “収納機関番号” (institution), “お客様番号” (customer) and “確認番号” (confirmation), in this order.',
      'Check what is shown and confirm the payment.',
    ],
  },
  notes: {
    konbini: [
      'Keep the receipt that you get.',
      'The store cannot cancel or refund a payment once it is made.',
    ],
    payeasy: [
      'An ATM takes only cash cards of its own bank. ATMs inside convenience stores do not take Pay-easy.',
      'It may take a moment until the banks know the number. If an error is shown, please try again a little later.',
      'After several wrong numbers a bank may block further payments.',
    ],
    noCash: 'ATMs take at most ¥100,000 in cash. Please use a cash card or net banking.',
  },
  asOf: (day) => `Steps as of ${day}. The screens of the machines may change.`,
  keep: 'You can open this page again at the same address at any time.',
  change: 'To pay in another way or to cancel, please ask the shop.',
  late: {
    title: 'Your payment has arrived',
    text: 'It came after the deadline. Please ask the shop what becomes of your order.',
  },
  form: {
    printed: 'Name as it will be printed',
    upTo: (amount) => `For orders of up to ${amount}`,
    otherWays: (names) => `You can also pay by: ${names}.`,
  },
};
