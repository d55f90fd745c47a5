import type { RequestTexts } from './texts.ts';

export const en: RequestTexts = {
  title: 'Payment request',
  labels: { payee: 'Pay to', amount: 'Amount', due: 'Due', about: 'For', order: 'Order', items: 'Items' },
  open: {
    text: 'Check the details, then go on. Nothing is paid yet.',
    button: 'Go on to pay',
  },
  awaiting: {
    text: 'You have already chosen how to pay. The next page shows your number and the steps.',
    button: 'See your payment',
  },
  paid: { title: 'This is paid', text: 'Thank you. There is nothing more to pay.' },
  receipt: 'See the receipt',
  alreadyPaid: {
    title: 'This order is already paid',
    text: 'The payment was made in another way. There is nothing more to pay.',
  },
  beingPaid: {
    title: 'This order is being paid right now',
    text: 'Somebody is paying it on another page. Wait a moment and open this again. You are not charged twice.',
  },
  expired: (due) => ({
    title: 'The due date has passed',
    text: `This could be paid until ${due}. Nothing was charged. Please ask the shop how to pay.`,
  }),
  canceled: {
    title: 'This request was canceled',
    text: 'You need not pay, and nothing was charged. If you did not expect this, please ask the shop.',
  },
  contact: 'How to reach the shop',
  genuine: 'Check that this request is genuine',
  check: {
    title: 'Is this payment link genuine?',
    lead: 'See whether a payment link was made with this service. Checking it does not open it.',
    field: 'The link that you got',
    hint: 'Paste the address, or the text of the mail.',
    button: 'Check',
    genuine: (shop) => ({
      title: 'The link is genuine',
      text: `It was made by ${shop} with this service. Before you pay, make sure that you know the shop and the amount.`,
    }),
    test: 'It is for trying things out. No real money moves.',
    unknown: {
      title: 'There is no such link',
      text: 'The address is one of this service, but there is no such link. Make sure that it is complete.',
    },
    foreign: {
      title: 'This is not a link of this service',
      text: 'Do not open it or type your card number there: however alike it looks, it is another site. Ask the shop.',
    },
    none: {
      title: 'There is no link in it',
      text: 'What you pasted has no address in it. Paste the part that begins with https://.',
    },
    tooMany: {
      title: 'Please wait a moment',
      text: 'That was checked many times in a row. Try again in a minute.',
    },
  },
};
