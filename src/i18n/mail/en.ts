import type { MailTexts } from './texts.ts';

export const en: MailTexts = {
  test: (subject) => `[Test] ${subject}`,
  from: (shop) => `${shop} via PayResort+`,
  kinds: {
    number_issued: {
      subject: (shop) => `${shop}: your payment number`,
      heading: 'Your payment number',
      text: 'Nothing is paid yet. Pay with the number below before the deadline. The button opens the steps.',
      action: 'See the steps',
    },
    number_reminder: {
      subject: (shop) => `${shop}: pay by tomorrow`,
      heading: 'Pay by tomorrow',
      text: 'We have not seen your payment yet. Pay with the number below in time. If you just paid, ignore this mail.',
      action: 'See the steps',
    },
    number_paid: {
      subject: (shop) => `${shop}: payment received`,
      heading: 'We received your payment',
      text: 'Thank you. The button opens your receipt, which you can print.',
      action: 'See the receipt',
    },
    number_expired: {
      subject: (shop) => `${shop}: the payment number has expired`,
      heading: 'The payment number has expired',
      text: 'No money was taken. Please do not pay with this number any more. To buy, order again at the shop.',
      action: 'Go to the shop',
    },
    card_paid: {
      subject: (shop) => `${shop}: payment complete`,
      heading: 'Your payment is complete',
      text: 'We charged your card. The button opens your receipt, which you can print.',
      action: 'See the receipt',
    },
    refunded: {
      subject: (shop) => `${shop}: refund`,
      heading: 'Your money is on its way back',
      text: 'We sent the refund to your card company. It can take a few weeks to show on your statement.',
      action: 'See the receipt',
    },
    payment_request: {
      subject: (shop) => `${shop}: please pay`,
      heading: 'Please pay',
      text: 'The button opens the page to pay on. Check the amount and the due date there first.',
      action: 'Open the page to pay',
    },
    payment_request_reminder: {
      subject: (shop) => `${shop}: your payment is due soon`,
      heading: 'Your payment is due soon',
      text: 'We have not seen your payment yet. Please pay before the due date. If you just paid, ignore this mail.',
      action: 'Open the page to pay',
    },
    payment_request_canceled: {
      subject: (shop) => `${shop}: there is nothing to pay`,
      heading: 'The payment request was canceled',
      text: 'The shop took its request for payment back. You need not pay, and the link in the earlier mail no longer works.',
    },
    user_invited: {
      subject: (shop) => `${shop}: your invitation to the PayResort+ console`,
      heading: 'You are invited to the PayResort+ console',
      text: 'Open the button and choose a password to begin. If you did not expect this, do nothing.',
      action: 'Begin',
    },
    user_reset: {
      subject: (shop) => `${shop}: set a new password`,
      heading: 'You can set a new password',
      text: 'Open the button and choose a new one. If you did not ask, do nothing: your password stays as it is.',
      action: 'Set a new password',
    },
    user_password_changed: {
      subject: (shop) => `${shop}: your password was changed`,
      heading: 'Your password was changed',
      text: 'If it was not you: set a new one now, and tell an owner of your shop in the console.',
      action: 'Set a new password',
    },
    user_factor_changed: {
      subject: (shop) => `${shop}: your second factor was changed`,
      heading: 'Your second factor was changed',
      text: 'An app, a passkey or recovery codes were changed. If it was not you: set a new password now, and tell an owner.',
      action: 'Set a new password',
    },
    staff_paid: {
      subject: (shop) => `${shop}: payment received`,
      heading: 'A payment was received',
      text: 'The customer has paid.',
    },
    staff_late: {
      subject: (shop) => `${shop}: to decide, money after the deadline`,
      heading: 'Money came after the deadline',
      text: 'The number had ended. Decide whether to deliver or to return the money by bank transfer.',
    },
    staff_duplicate: {
      subject: (shop) => `${shop}: to decide, an order was paid twice`,
      heading: 'Money came for an order once more',
      text: 'The customer paid twice, or another amount. Get in touch, and return what is too much by bank transfer.',
    },
    staff_endpoint_failing: {
      subject: (shop) => `${shop}: notifications do not arrive`,
      heading: 'A notification endpoint does not answer',
      text: 'We tried several times and go on trying. Please tell your developers. Payments are not affected.',
    },
  },
  labels: {
    shop: 'Shop',
    order: 'Order',
    amount: 'Amount',
    refunded: 'Refunded',
    method: 'Paid by',
    place: 'Pay at',
    payBy: 'Pay by',
    endpoint: 'Endpoint',
    about: 'For',
    loginId: 'Login ID',
    until: 'Link works until',
  },
  dear: (name) => `Dear ${name},`,
  foot: {
    check: (address) => `To see whether this request is genuine, type ${address} into your browser.`,
    shopper: (shop) =>
      `The payment service PayResort+ sent this about your payment at ${shop}. Nobody reads replies: please ask the shop.`,
    staff: 'PayResort+ sent this by itself to the addresses in the merchant’s settings.',
    user: 'PayResort+ sent this by itself to a user of the merchant console.',
    userLink: 'The link works once: do not forward it.',
    test: 'This is a test. No real money moved.',
  },
};
