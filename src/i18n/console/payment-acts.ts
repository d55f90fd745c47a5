import type { ConsoleTexts, SameShape } from './texts.ts';

/** What can be done with a payment: the second look before money moves, and what came of it. */
const ja = {
  acts: { heading: '操作', capture: '売上を確定する', cancel: '取り消す', refund: '返金する' },
  noRefund: 'この支払方法は、お支払いの経路では返金できません。お客様の口座への振込で返してください。',
  ask: {
    capture: '売上確定する金額',
    refund: '返金する金額',
    captureHint: (most: string) =>
      `${most}まで。少ない金額で確定すると、残りの与信は解放されます。確定は1回だけです。`,
    refundHint: (most: string) => `${most}まで。何回かに分けて返金できます。`,
    reason: '理由（任意）',
    reasonHint: '社内の記録用です。お客様には表示されません',
    next: '確認へ進む',
    cancel: '戻る',
    bad: (most: string) => `1円から${most}までの数字で入力してください。`,
    badReason: '理由は200文字までで入力してください。',
  },
  confirm: {
    lead: {
      capture: 'この内容で売上を確定します。',
      cancel: 'この内容で取り消します。',
      refund: 'この内容で返金します。',
    },
    title: { capture: '売上確定の確認', cancel: '取消の確認', refund: '返金の確認' },
    amount: { capture: '確定する金額', cancel: '取り消す金額', refund: '返金する金額' },
    after: { capture: '残りの与信（解放）', cancel: '', refund: '返金後の残り' },
    warning: {
      capture: '確定した金額はお客様に請求されます。',
      cancel: '取り消すと、この注文のお支払いは無効になり、元に戻せません。',
      refund: '返金は取り消せません。',
    },
    order: '注文番号',
    paidBy: '支払方法',
    go: {
      capture: (amount: string) => `${amount}の売上を確定する`,
      cancel: (amount: string) => `${amount}のお支払いを取り消す`,
      refund: (amount: string) => `${amount}を返金する`,
    },
    change: '金額を変える',
  },
  done: {
    capture: (amount: string) => `${amount}の売上を確定しました。`,
    cancel: (amount: string) => `${amount}のお支払いを取り消しました。`,
    refund: (amount: string) => `${amount}を返金しました。`,
    pending:
      '要求を送りましたが、まだ回答がありません。結果は自動で確認し続け、この画面と通知でお知らせします。もう一度操作する必要はありません。',
    declined: '要求は拒否されました。お金は動いていません。',
  },
  refused: {
    title: '操作は行われませんでした',
    state:
      'この決済の状態が変わっているため、この操作はできません。今の状態を確認してください。お金は動いていません。',
    running: 'この決済では別の操作が進行中です。少し待ってから結果を確認してください。',
    amount: '残りの金額を超えています。ほかの返金が先に行われた可能性があります。お金は動いていません。',
    withdraw: 'この番号は収納機関で取り消せません。期限まで待つか、入金された場合は振込で返してください。',
    supported: 'この支払方法ではこの操作ができません。',
    back: '決済の画面へ',
  },
} as const;

const en: SameShape<typeof ja> = {
  acts: { heading: 'What you can do', capture: 'Capture', cancel: 'Cancel', refund: 'Refund' },
  noRefund: 'Money paid this way cannot go back the way it came. Return it by a bank transfer.',
  ask: {
    capture: 'Amount to capture',
    refund: 'Amount to refund',
    captureHint: (most) => `Up to ${most}. Capturing less releases the rest. It can be done once.`,
    refundHint: (most) => `Up to ${most}. You may refund in several parts.`,
    reason: 'Reason (optional)',
    reasonHint: 'For your own records; customers do not see it',
    next: 'Go on',
    cancel: 'Back',
    bad: (most) => `Type a number from 1 to ${most}.`,
    badReason: 'At most 200 characters, please.',
  },
  confirm: {
    lead: {
      capture: 'You are about to capture.',
      cancel: 'You are about to cancel.',
      refund: 'You are about to refund.',
    },
    title: {
      capture: 'Capture: a second look',
      cancel: 'Cancel: a second look',
      refund: 'Refund: a second look',
    },
    amount: { capture: 'To capture', cancel: 'To cancel', refund: 'To refund' },
    after: { capture: 'Released', cancel: '', refund: 'Left afterwards' },
    warning: {
      capture: 'The customer is charged what you capture.',
      cancel: 'The payment ends for this order, and that cannot be undone.',
      refund: 'A refund cannot be taken back.',
    },
    order: 'Order',
    paidBy: 'Paid by',
    go: {
      capture: (amount) => `Capture ${amount}`,
      cancel: (amount) => `Cancel ${amount}`,
      refund: (amount) => `Refund ${amount}`,
    },
    change: 'Change the amount',
  },
  done: {
    capture: (amount) => `${amount} captured.`,
    cancel: (amount) => `The payment of ${amount} was cancelled.`,
    refund: (amount) => `${amount} refunded.`,
    pending:
      'It was sent, and there is no answer yet. We go on asking; this page and the notifications will tell. ' +
      'You need not do it again.',
    declined: 'It was declined. No money has moved.',
  },
  refused: {
    title: 'Nothing was done',
    state: 'The payment has changed meanwhile, and this is not possible any more. No money has moved.',
    running: 'Something else is under way with this payment. Wait a little and look at the result.',
    amount: 'This is more than what is left; another refund may have come first. No money has moved.',
    withdraw:
      'This number cannot be taken back. Wait until it lapses; if it is paid, return the money by a transfer.',
    supported: 'This is not possible with this way to pay.',
    back: 'To the payment',
  },
};

export const PAYMENT_ACTS_TEXTS = { ja, en } satisfies ConsoleTexts;
