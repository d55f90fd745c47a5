import type { MailTexts } from './texts.ts';

export const ko: MailTexts = {
  test: (subject) => `[테스트] ${subject}`,
  from: (shop) => `${shop}(PayResort+)`,
  kinds: {
    number_issued: {
      subject: (shop) => `[${shop}] 결제 번호 안내`,
      heading: '결제 번호를 안내해 드립니다',
      text: '아직 결제되지 않았습니다. 아래 번호로 기한까지 결제해 주세요. 버튼을 누르면 결제 방법과 납부서를 볼 수 있습니다.',
      action: '결제 방법 보기',
    },
    number_reminder: {
      subject: (shop) => `[${shop}] 결제 기한은 내일입니다`,
      heading: '결제 기한은 내일입니다',
      text: '아직 결제가 확인되지 않았습니다. 아래 번호로 기한까지 결제해 주세요. 이미 결제하셨다면 이 메일은 무시해 주세요.',
      action: '결제 방법 보기',
    },
    number_paid: {
      subject: (shop) => `[${shop}] 결제가 확인되었습니다`,
      heading: '결제가 확인되었습니다',
      text: '결제해 주셔서 감사합니다. 버튼을 누르면 영수증을 열어 인쇄할 수 있습니다.',
      action: '영수증 보기',
    },
    number_expired: {
      subject: (shop) => `[${shop}] 결제 기한이 지났습니다`,
      heading: '결제 기한이 지났습니다',
      text: '결제되지 않아 번호가 만료되었습니다. 대금은 청구되지 않았습니다. 이 번호로는 더 이상 결제하지 마세요. 구매하시려면 매장 페이지에서 다시 주문해 주세요.',
      action: '매장 페이지 열기',
    },
    card_paid: {
      subject: (shop) => `[${shop}] 결제가 완료되었습니다`,
      heading: '결제가 완료되었습니다',
      text: '카드로 결제되었습니다. 버튼을 누르면 영수증을 열어 인쇄할 수 있습니다.',
      action: '영수증 보기',
    },
    refunded: {
      subject: (shop) => `[${shop}] 환불 안내`,
      heading: '환불되었습니다',
      text: '카드사에 환불을 접수했습니다. 이용 내역에 표시되기까지 몇 주가 걸릴 수 있습니다.',
      action: '영수증 보기',
    },
    payment_request: {
      subject: (shop) => `[${shop}] 결제 요청`,
      heading: '결제를 부탁드립니다',
      text: '버튼을 눌러 결제 페이지를 열고, 금액과 기한을 확인한 뒤 결제해 주세요.',
      action: '결제 페이지 열기',
    },
    payment_request_reminder: {
      subject: (shop) => `[${shop}] 결제 기한이 다가옵니다`,
      heading: '결제 기한이 다가옵니다',
      text: '아직 결제가 확인되지 않았습니다. 기한 안에 결제해 주세요. 방금 결제하셨다면 이 메일은 무시하셔도 됩니다.',
      action: '결제 페이지 열기',
    },
    payment_request_canceled: {
      subject: (shop) => `[${shop}] 결제 요청이 취소되었습니다`,
      heading: '결제 요청이 취소되었습니다',
      text: '매장이 앞서 보낸 결제 요청을 취소했습니다. 결제하실 필요가 없으며, 이전 메일의 링크는 더 이상 쓸 수 없습니다.',
    },
    user_invited: {
      subject: (shop) => `[${shop}] PayResort+ 콘솔 초대`,
      heading: 'PayResort+ 콘솔에 초대되었습니다',
      text: '버튼을 열어 비밀번호를 정하면 사용할 수 있습니다. 짐작 가는 일이 없으면 아무것도 하지 마세요.',
      action: '시작하기',
    },
    user_reset: {
      subject: (shop) => `[${shop}] 비밀번호 재설정`,
      heading: '비밀번호를 다시 정할 수 있습니다',
      text: '버튼을 열어 새 비밀번호를 정해 주세요. 요청한 적이 없으면 아무것도 하지 마세요. 비밀번호는 그대로입니다.',
      action: '비밀번호 재설정',
    },
    user_password_changed: {
      subject: (shop) => `[${shop}] 비밀번호가 변경되었습니다`,
      heading: '비밀번호가 변경되었습니다',
      text: '본인이 변경하지 않았다면 바로 새 비밀번호를 정하고 상점의 소유자에게 알려 주세요.',
      action: '비밀번호 재설정',
    },
    user_factor_changed: {
      subject: (shop) => `[${shop}] 2단계 인증이 변경되었습니다`,
      heading: '2단계 인증이 변경되었습니다',
      text: '인증 앱, 패스키 또는 복구 코드가 추가, 변경 또는 삭제되었습니다. 본인이 변경하지 않았다면 바로 새 비밀번호를 정하고 상점의 소유자에게 알려 주세요.',
      action: '비밀번호 재설정',
    },
    staff_paid: {
      subject: (shop) => `[${shop}] 입금되었습니다`,
      heading: '입금되었습니다',
      text: '고객의 결제가 완료되었습니다.',
    },
    staff_late: {
      subject: (shop) => `[${shop}] 확인 필요: 기한 후 입금`,
      heading: '기한이 지난 뒤 입금되었습니다',
      text: '번호가 만료된 뒤에 고객이 결제했습니다. 상품을 보낼지, 은행 송금으로 환불할지 정해 주세요. 편의점과 은행에서는 환불할 수 없습니다.',
    },
    staff_duplicate: {
      subject: (shop) => `[${shop}] 확인 필요: 이중 입금`,
      heading: '같은 주문에 다시 입금되었습니다',
      text: '고객이 두 번 결제했거나 금액이 다릅니다. 고객에게 연락하고, 초과 금액은 은행 송금으로 환불해 주세요.',
    },
    staff_endpoint_failing: {
      subject: (shop) => `[${shop}] 확인 필요: 알림이 도착하지 않습니다`,
      heading: '알림 주소가 응답하지 않습니다',
      text: '여러 번 보냈으며 계속 다시 시도합니다. 개발 담당자에게 전해 주세요. 결제에는 영향이 없습니다.',
    },
  },
  labels: {
    shop: '매장',
    order: '주문번호',
    amount: '금액',
    refunded: '환불 금액',
    method: '결제 수단',
    place: '결제 장소',
    payBy: '결제 기한',
    endpoint: '알림 주소',
    about: '내용',
    loginId: '로그인 ID',
    until: '링크 유효 기한',
  },
  dear: (name) => `${name} 님`,
  foot: {
    check: (address) => `진짜 요청인지 확인하려면 브라우저 주소창에 ${address} 를 입력해 주세요.`,
    shopper: (shop) =>
      `이 메일은 ${shop}에서의 결제에 대해 결제 서비스 PayResort+가 자동으로 보냈습니다. 회신은 확인하지 않습니다. 주문에 대해서는 매장에 문의해 주세요.`,
    staff: '이 메일은 가맹점 설정에 있는 주소로 PayResort+가 자동으로 보냈습니다.',
    user: '이 메일은 가맹점 콘솔 사용자에게 PayResort+가 자동으로 보냈습니다.',
    userLink: '링크는 한 번만 쓸 수 있으니 전달하지 마세요.',
    test: '테스트입니다. 실제 돈은 움직이지 않았습니다.',
  },
};
