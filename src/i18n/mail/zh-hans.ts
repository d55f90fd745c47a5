import type { MailTexts } from './texts.ts';

export const zhHans: MailTexts = {
  test: (subject) => `【测试】${subject}`,
  from: (shop) => `${shop}（PayResort+）`,
  kinds: {
    number_issued: {
      subject: (shop) => `【${shop}】付款号码通知`,
      heading: '您的付款号码',
      text: '您尚未付款。请在期限前使用下方号码付款。点击按钮可查看付款步骤和缴款单。',
      action: '查看付款步骤',
    },
    number_reminder: {
      subject: (shop) => `【${shop}】付款期限是明天`,
      heading: '付款期限是明天',
      text: '我们尚未确认到您的付款。请在期限前使用下方号码付款。如果您已付款，请忽略此邮件。',
      action: '查看付款步骤',
    },
    number_paid: {
      subject: (shop) => `【${shop}】已确认付款`,
      heading: '已确认您的付款',
      text: '感谢您的付款。点击按钮可打开并打印收据。',
      action: '查看收据',
    },
    number_expired: {
      subject: (shop) => `【${shop}】付款期限已过`,
      heading: '付款期限已过',
      text: '由于未收到付款，该号码已失效，没有收取任何款项。请勿再使用此号码付款。如需购买，请在商店页面重新下单。',
      action: '打开商店页面',
    },
    card_paid: {
      subject: (shop) => `【${shop}】付款完成`,
      heading: '付款已完成',
      text: '已通过信用卡收款。点击按钮可打开并打印收据。',
      action: '查看收据',
    },
    refunded: {
      subject: (shop) => `【${shop}】退款通知`,
      heading: '已退款',
      text: '我们已向发卡公司办理退款。显示在账单上可能需要数周时间。',
      action: '查看收据',
    },
    payment_request: {
      subject: (shop) => `【${shop}】付款通知`,
      heading: '请您付款',
      text: '请点击按钮打开付款页面，确认金额和期限后付款。',
      action: '打开付款页面',
    },
    payment_request_reminder: {
      subject: (shop) => `【${shop}】付款期限将至`,
      heading: '付款期限将至',
      text: '我们尚未收到您的付款，请在期限前付款。如果您刚刚付过款，请忽略这封邮件。',
      action: '打开付款页面',
    },
    payment_request_canceled: {
      subject: (shop) => `【${shop}】付款通知已取消`,
      heading: '付款通知已取消',
      text: '商店取消了之前的付款通知，您无需付款。之前邮件中的链接已失效。',
    },
    user_invited: {
      subject: (shop) => `【${shop}】PayResort+ 管理后台邀请`,
      heading: '邀请您使用 PayResort+ 管理后台',
      text: '请打开按钮并设置密码，即可开始使用。如果您不知情，请忽略此邮件。',
      action: '开始使用',
    },
    user_reset: {
      subject: (shop) => `【${shop}】重设密码`,
      heading: '您可以重设密码',
      text: '请打开按钮并设置新密码。如果不是您本人申请，请忽略此邮件，密码不会改变。',
      action: '重设密码',
    },
    user_password_changed: {
      subject: (shop) => `【${shop}】密码已更改`,
      heading: '您的密码已更改',
      text: '如果不是您本人操作，请立即设置新密码，并告知店铺的所有者。',
      action: '重设密码',
    },
    user_factor_changed: {
      subject: (shop) => `【${shop}】两步验证已更改`,
      heading: '您的两步验证已更改',
      text: '验证器应用、通行密钥或恢复码已被添加、更换或删除。如果不是您本人操作，请立即设置新密码，并告知店铺的所有者。',
      action: '重设密码',
    },
    staff_paid: {
      subject: (shop) => `【${shop}】收到付款`,
      heading: '收到付款',
      text: '顾客已完成付款。',
    },
    staff_late: {
      subject: (shop) => `【${shop}】需要处理：逾期付款`,
      heading: '期限过后收到付款',
      text: '顾客在号码失效后付款。请决定是发货，还是通过银行转账退款。便利店和银行无法退款。',
    },
    staff_duplicate: {
      subject: (shop) => `【${shop}】需要处理：重复付款`,
      heading: '同一订单再次收到付款',
      text: '顾客付款两次，或金额不符。请联系顾客，并通过银行转账退还多付的款项。',
    },
    staff_endpoint_failing: {
      subject: (shop) => `【${shop}】需要处理：通知未送达`,
      heading: '通知地址没有响应',
      text: '我们已多次发送，并会继续重试。请转告开发人员。付款不受影响。',
    },
  },
  labels: {
    shop: '商店',
    order: '订单号',
    amount: '金额',
    refunded: '退款金额',
    method: '付款方式',
    place: '付款地点',
    payBy: '付款期限',
    endpoint: '通知地址',
    about: '内容',
    loginId: '登录ID',
    until: '链接有效期至',
  },
  dear: (name) => `${name} 您好：`,
  foot: {
    check: (address) => `要确认这封通知是否真实，请在浏览器地址栏输入 ${address} 查询。`,
    shopper: (shop) =>
      `本邮件由支付服务 PayResort+ 就您在${shop}的付款自动发送，无法回复。有关订单的问题请联系商店。`,
    staff: '本邮件由 PayResort+ 自动发送至商户设置中的地址。',
    user: '本邮件由 PayResort+ 自动发送给商户管理后台的用户。',
    userLink: '链接只能使用一次，请勿转发。',
    test: '这是测试，没有实际资金往来。',
  },
};
