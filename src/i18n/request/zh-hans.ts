import type { RequestTexts } from './texts.ts';

export const zhHans: RequestTexts = {
  title: '付款通知',
  labels: { payee: '收款方', amount: '金额', due: '付款期限', about: '内容', order: '订单号', items: '明细' },
  open: {
    text: '请确认内容后继续。现在还不会付款。',
    button: '继续付款',
  },
  awaiting: {
    text: '您已经选择了付款方式。下一页可以查看号码和步骤。',
    button: '查看付款情况',
  },
  paid: { title: '付款已完成', text: '谢谢。您无需再次付款。' },
  receipt: '查看收据',
  alreadyPaid: {
    title: '这笔订单已经付款',
    text: '我们已通过其他方式收到付款。您无需再次付款。',
  },
  beingPaid: {
    title: '这笔订单正在付款',
    text: '另一个页面正在办理付款。请稍等片刻再打开。不会重复扣款。',
  },
  expired: (due) => ({
    title: '已过付款期限',
    text: `期限（${due}）已过，无法再用此链接付款。没有扣款。如需付款，请联系商店。`,
  }),
  canceled: {
    title: '这份付款通知已取消',
    text: '您无需付款，也没有扣款。如有疑问，请联系商店。',
  },
  contact: '商店的联系方式',
  genuine: '确认这份通知是否真实',
  check: {
    title: '确认付款链接',
    lead: '您可以确认付款链接是否由本服务生成。确认时不会打开链接。',
    field: '您收到的链接',
    hint: '请粘贴链接地址或邮件正文。',
    button: '确认',
    genuine: (shop) => ({
      title: '这是真实的链接',
      text: `这是 ${shop} 通过本服务生成的链接。付款前，请确认您知道这家商店和这笔金额。`,
    }),
    test: '这是测试用的链接，不会产生实际付款。',
    unknown: {
      title: '找不到这个链接',
      text: '地址属于本服务，但没有这样的链接。请确认地址是否完整。',
    },
    foreign: {
      title: '这不是本服务的链接',
      text: '请不要打开，也不要输入银行卡号。外观再相似，也是其他网站。请直接联系商店。',
    },
    none: {
      title: '没有找到链接',
      text: '粘贴的文字中没有地址。请粘贴以 https:// 开头的部分。',
    },
    tooMany: { title: '请稍候', text: '短时间内确认次数过多。请一分钟后再试。' },
  },
};
