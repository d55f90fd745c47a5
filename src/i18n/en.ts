import type { Texts } from './texts.ts';

const NEXT = 'Please try another card or another way to pay.';
const NOT_CHARGED = 'You have not been charged.';

export const en = {
  lang: 'en',
  languageName: 'English',
  languageNav: 'Language',
  testMode: 'Test mode. Nothing is really charged.',
  summary: {
    heading: 'Your order',
    total: 'Total',
    taxIncluded: 'tax included',
    order: 'Order',
    items: (count) => (count === 1 ? '1 item' : `${count} items`),
    reducedTax: '※ reduced tax rate (8%)',
    payBy: 'Please pay by',
  },
  form: {
    title: 'Payment',
    heading: 'How would you like to pay?',
    number: 'Card number',
    exp: 'Expiry date',
    expExample: 'MM/YY',
    csc: 'Security code',
    cscBack: '3 digits on the back',
    cscFront: '4 digits on the front',
    cscEither: '3 digits on the back (Amex: 4 on the front)',
    name: 'Name on card',
    nameHint: 'As printed on the card',
    email: 'E-mail address',
    emailHint: 'Your card issuer needs it to verify you',
    pay: (amount) => `Pay ${amount}`,
    paying: 'Sending…',
    secure: 'Your card number is sent encrypted and never reaches the shop.',
    leave: 'Back to the shop',
    faults: (count) => (count === 1 ? 'Please check one field.' : `Please check ${count} fields.`),
    retypeCard: 'For your safety, please type the card number and security code again.',
    errorTitle: 'Please check your entries',
    attemptsLeft: (count) => (count === 1 ? 'You can try once more.' : `You can try ${count} more times.`),
    fromIssuer: 'From your card issuer',
    fields: {
      number: {
        missing: 'Please enter the card number.',
        invalid: 'Please check the card number.',
        invalid_characters: 'Please enter the card number in digits.',
        wrong_length: 'Please check how many digits the card number has.',
        unknown_brand: 'This card cannot be used here. Please try a Visa, Mastercard, JCB or similar card.',
        check_digit: 'Please check the card number for typing mistakes.',
        not_a_test_card: 'In test mode only test card numbers can be used.',
        test_card: 'Test card numbers cannot be used. Please enter the number of your own card.',
      },
      exp: {
        missing: 'Please enter the expiry date.',
        invalid: 'Please enter month/year, for example 08/29.',
        expired: 'This card has expired.',
      },
      csc: {
        missing: 'Please enter the security code.',
        invalid_characters: 'Please enter the security code in digits.',
        wrong_length: 'Please check how many digits the security code has.',
      },
      name: {
        missing: 'Please enter the name on the card.',
        invalid: 'Please enter the name in Latin letters, for example TARO YAMADA.',
        invalid_characters: 'Please enter the name in Latin letters, for example TARO YAMADA.',
        wrong_length: 'Please enter the name with 2 to 45 letters.',
      },
      email: {
        missing: 'Please enter your e-mail address.',
        invalid: 'Please check the e-mail address, for example taro@example.com.',
      },
    },
  },
  cardFields: {
    title: 'Card details',
    invalidKey: 'Card details cannot be taken on this page. Please ask the shop.',
    rateLimited: 'There were too many tries. Please wait a little and try again.',
    unavailable: 'Card details cannot be taken at the moment. Please try again in a little while.',
  },
  keeping: {
    choose: 'Card to pay with',
    another: 'Use another card',
    expires: (date) => `expires ${date}`,
    expired: (date) => `expired ${date}, cannot be used`,
    remove: 'Remove a saved card',
    removeHint: 'A removed card is not offered or charged again.',
    removeNow: (card) => `Remove ${card}`,
    save: 'Save this card for my next payment',
    saveHint:
      'It is stored encrypted and not passed to the shop. You will still need the security code and your bank’s check, ' +
      'and can remove it on the payment page at any time.',
    charge: (shop) => `I agree that ${shop} charges this card later for:`,
    chargeHint:
      'The card is saved; these charges need neither this page nor your bank’s check. To stop them, contact the shop.',
  },
  paymentTypes: {
    label: 'Payment plan',
    hint: 'Your card issuer may charge a fee',
    lumpSum: 'In one payment',
    installments: (count) => `In ${count} instalments`,
    revolving: 'Revolving credit',
    bonus: 'All at the next bonus',
    bonusInstallments: (count) => `In ${count} instalments, more at bonus time`,
    chooseAgain: 'Please choose again how to pay.',
    notForBrand: (brand, type) => `${brand} cards do not take “${type}”. Please choose another plan.`,
  },
  failures: {
    card_declined: {
      title: 'The payment could not be completed with this card.',
      text: `${NOT_CHARGED} ${NEXT}`,
    },
    plan_declined: {
      title: 'The payment could not be completed with this card.',
      text: `${NOT_CHARGED} Please try paying in one payment, another card or another way to pay.`,
    },
    authentication_failed: {
      title: 'Your card issuer could not verify you.',
      text: `${NOT_CHARGED} Please try again, or use another card or another way to pay.`,
    },
    authentication_rejected: {
      title: 'Your card issuer did not approve this payment.',
      text: `${NOT_CHARGED} ${NEXT}`,
    },
    authentication_unavailable: {
      title: 'Your card issuer’s verification was not available.',
      text: `${NOT_CHARGED} Please try again in a little while, or use another card or another way to pay.`,
    },
    authentication_canceled: {
      title: 'The verification was cancelled.',
      text: `${NOT_CHARGED} Please try again, or use another card or another way to pay.`,
    },
    authentication_timeout: {
      title: 'The verification was not finished in time.',
      text: `${NOT_CHARGED} Please try again, or use another card or another way to pay.`,
    },
    issuer_unavailable: {
      title: 'Your card issuer could not be reached.',
      text: `${NOT_CHARGED} Please try again in a little while, or use another card or another way to pay.`,
    },
    network_unavailable: {
      title: 'The payment could not be sent.',
      text: `${NOT_CHARGED} Please try again.`,
    },
    outcome_reversed: {
      title: 'Your card issuer did not answer in time, so the payment was cancelled.',
      text: `${NOT_CHARGED} Please try again, or use another card or another way to pay.`,
    },
    abandoned: {
      title: 'The last try was stopped.',
      text: `${NOT_CHARGED} Please choose how to pay.`,
    },
  },
  threeDs: {
    preparing: {
      title: 'Getting ready to verify your card',
      text: 'One moment please. You will be taken to your card issuer’s check.',
    },
    askingEmail: {
      title: 'One more thing: your e-mail address',
      text: 'Your card issuer needs it to verify you. After that you will be taken to its check.',
    },
    continue: 'Continue',
    waiting: {
      title: 'Checking with your card issuer',
      text: 'One moment please. You will not be charged twice.',
    },
    challenge: {
      title: 'Verification by your card issuer',
      text: 'Please confirm the payment on your card issuer’s page.',
    },
    openChallenge: 'Go to verification',
    challengeFrame: 'Your card issuer’s verification page',
    fullPage: 'open it on a full page',
    fullPageHint: 'If nothing appears,',
    anotherWay: 'Pay another way',
    returned: {
      title: 'Waiting for the result of the verification',
      text: 'One moment please. You will not be charged twice.',
    },
    goBack: 'Please go back to the payment page.',
  },
  bank: {
    title: "Please pay on your bank's page",
    text:
      'When you have paid there, you come back to this page. If not, we check the result by ourselves. ' +
      'You will not be charged twice.',
    open: "Open your bank's page",
    check: 'Check the result',
  },
  numbers: {
    requesting: {
      title: 'Preparing your payment',
      text: 'Please wait a moment. You will not be charged twice.',
    },
    issued: (by) => ({
      title: 'Here is your payment number',
      text: `You have not paid yet. Please pay by ${by}.`,
    }),
    expired: (by) => ({
      title: 'The time to pay is over',
      text: `The deadline (${by}) has passed, so this number cannot be paid any more. You have not been charged. Go back to the shop to start again.`,
    }),
    withdrawn: {
      title: 'This payment number was withdrawn',
      text: 'You have not been charged. Please do not pay with this number. Ask the shop for details.',
    },
    payBy: 'Pay by',
    amount: 'Amount',
    printed: 'Name shown at the terminal',
    copy: 'Copy',
    copied: 'Copied',
    slip: 'Show this barcode at the register',
    print: 'Print',
  },
  confirming: {
    title: 'We are confirming the result of your payment.',
    text: 'You will not be charged twice. You may close this page.',
  },
  checkAgain: 'See the latest status',
  results: {
    paid: { title: 'Payment complete', text: 'Thank you.' },
    alreadyPaid: { title: 'This order is already paid.', text: 'There is no need to pay again.' },
    accepted: {
      title: 'Payment accepted',
      text: 'The amount is reserved on your card. It is charged when the shop confirms the order.',
    },
    voided: {
      title: 'This payment was cancelled',
      text: `${NOT_CHARGED} Please ask the shop for details.`,
    },
    refunded: {
      title: 'This payment was refunded',
      text: 'It may take some days to show on your card. Please ask the shop for details.',
    },
    shopperCanceled: {
      title: 'Payment cancelled',
      text: `${NOT_CHARGED} You can go on shopping.`,
    },
    merchantCanceled: {
      title: 'The shop cancelled this payment',
      text: `${NOT_CHARGED} Please ask the shop for details.`,
    },
    merchantExpired: {
      title: 'This payment is closed',
      text: `${NOT_CHARGED} Please go back to the shop and start again.`,
    },
    attemptsUsed: {
      title: 'There are no tries left',
      text: `${NOT_CHARGED} Please go back to the shop and start again.`,
    },
    replaced: {
      title: 'There is a newer payment page',
      text: 'Please go on with the page you opened last for this order. Nothing is charged on this one.',
    },
    timedOut: (time) => ({
      title: 'The time to pay has passed',
      text: `The payment was due by ${time}. ${NOT_CHARGED} Please go back to the shop and start again.`,
    }),
  },
  receipt: {
    heading: 'Receipt',
    shop: 'Paid to',
    item: 'For',
    order: 'Order',
    ordered: 'Order total',
    refunded: 'Of which refunded',
    card: 'Paid by',
    cardEnding: (brand, last4) => `${brand} ending in ${last4}`,
    paidAt: 'Date',
  },
  toShop: 'Back to the shop',
  toShopSoon: 'You will be taken back to the shop in 5 seconds.',
  stay: 'Stay on this page',
  staying: 'You are staying on this page.',
  notFound: {
    title: 'Payment page not found',
    text: 'The link is incomplete or too old. Nothing is charged on this page. Please go on from the shop’s page.',
  },
  busy: {
    title: 'We are very busy at the moment',
    text: 'You will not be charged twice. Please try again in a little while.',
  },
  refused: {
    title: 'This could not be accepted',
    text: 'For your safety we take nothing sent by another site. Nothing was charged. Please go on from the payment page.',
  },
  tooLarge: {
    title: 'This could not be accepted',
    text: 'It was too long or in the wrong form. Nothing was charged by this. Please go on from the payment page.',
  },
  entry: {
    refused: {
      title: 'The payment page could not be opened',
      text: `What the shop sent us could not be verified. ${NOT_CHARGED} Please go back to the shop and try again. If it happens again, tell the shop the reference below.`,
    },
    stale: {
      title: 'This link to the payment page is too old',
      text: `It was made some time ago. ${NOT_CHARGED} Please go back to the shop and continue from there.`,
    },
    paid: {
      title: 'This order is already paid',
      text: 'There is no need to pay again. See the shop for the state of your order.',
    },
    inProgress: {
      title: 'This order is being paid',
      text: 'The payment is under way in another window. You will not be charged twice. Please continue there.',
    },
    ours: {
      title: 'The payment page cannot be opened at the moment',
      text: `${NOT_CHARGED} Please try again from the shop in a little while.`,
    },
  },
  backToPage: 'To the payment page',
  reference: 'Reference',
  footer: {
    by: 'This payment page is provided by PayResort+.',
    terms: 'Terms and seller information',
    contact: 'Contact the shop',
  },
} satisfies Texts;
