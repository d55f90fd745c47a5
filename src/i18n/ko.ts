import type { Texts } from './texts.ts';

const NEXT = '다른 카드나 다른 결제 방법을 이용해 주세요.';
const AGAIN = '다시 시도하시거나 다른 카드나 다른 결제 방법을 이용해 주세요.';
const LATER = '잠시 후 다시 시도하시거나 다른 카드나 다른 결제 방법을 이용해 주세요.';
const NOT_CHARGED = '청구되지 않았습니다.';
const NOT_TWICE = '이중으로 청구되지 않습니다.';
const RESTART = '상점으로 돌아가 다시 진행해 주세요.';
const ASK = '자세한 내용은 상점에 문의해 주세요.';

export const ko = {
  lang: 'ko',
  languageName: '한국어',
  languageNav: '언어',
  testMode: '테스트 환경입니다. 실제로 청구되지 않습니다.',
  summary: {
    heading: '주문 내용',
    total: '결제 금액',
    taxIncluded: '세금 포함',
    order: '주문 번호',
    items: (count) => `상세 내역(${count}건)`,
    reducedTax: '※ 경감세율(8%) 대상입니다',
    payBy: '결제 기한',
  },
  form: {
    title: '결제',
    heading: '결제 방법',
    number: '카드 번호',
    exp: '유효기간',
    expExample: '월/년',
    csc: '보안코드',
    cscBack: '뒷면의 3자리 숫자',
    cscFront: '앞면의 4자리 숫자',
    cscEither: '뒷면의 3자리 숫자(아멕스는 앞면의 4자리)',
    name: '카드 명의자',
    nameHint: '카드에 적힌 영문 이름',
    email: '이메일',
    emailHint: '카드사의 본인 인증에 사용됩니다',
    pay: (amount) => `${amount} 결제하기`,
    paying: '전송 중…',
    secure: '카드 번호는 암호화되어 전송되며 상점에 전달되지 않습니다.',
    leave: '상점으로 돌아가기',
    faults: (count) => `입력 내용을 확인해 주세요(${count}곳).`,
    retypeCard: '안전을 위해 카드 번호와 보안코드를 다시 입력해 주세요.',
    errorTitle: '입력 내용을 확인해 주세요',
    attemptsLeft: (count) => `${count}번 더 시도하실 수 있습니다.`,
    fromIssuer: '카드사 안내',
    fields: {
      number: {
        missing: '카드 번호를 입력해 주세요.',
        invalid: '카드 번호를 확인해 주세요.',
        invalid_characters: '카드 번호는 숫자로 입력해 주세요.',
        wrong_length: '카드 번호의 자릿수를 확인해 주세요.',
        unknown_brand: '이 카드는 사용할 수 없습니다. Visa, Mastercard, JCB 등의 카드를 이용해 주세요.',
        check_digit: '카드 번호를 잘못 입력하지 않았는지 확인해 주세요.',
        not_a_test_card: '테스트 환경에서는 테스트용 카드 번호만 사용할 수 있습니다.',
        test_card: '테스트용 카드 번호는 사용할 수 없습니다. 본인의 카드 번호를 입력해 주세요.',
      },
      exp: {
        missing: '유효기간을 입력해 주세요.',
        invalid: '‘월/년’으로 입력해 주세요. 예: 08/29',
        expired: '유효기간이 지난 카드입니다.',
      },
      csc: {
        missing: '보안코드를 입력해 주세요.',
        invalid_characters: '보안코드는 숫자로 입력해 주세요.',
        wrong_length: '보안코드의 자릿수를 확인해 주세요.',
      },
      name: {
        missing: '카드 명의자를 입력해 주세요.',
        invalid: '카드 명의자는 영문으로 입력해 주세요. 예: HONG GILDONG',
        invalid_characters: '카드 명의자는 영문으로 입력해 주세요. 예: HONG GILDONG',
        wrong_length: '카드 명의자는 2~45자로 입력해 주세요.',
      },
      email: {
        missing: '이메일을 입력해 주세요.',
        invalid: '이메일 형식을 확인해 주세요. 예: taro@example.com',
      },
    },
  },
  cardFields: {
    title: '카드 정보 입력',
    invalidKey: '이 화면에서는 카드 정보를 접수할 수 없습니다. 상점에 문의해 주세요.',
    rateLimited: '시도 횟수가 너무 많습니다. 잠시 후 다시 시도해 주세요.',
    unavailable: '지금은 카드 정보를 접수할 수 없습니다. 잠시 후 다시 시도해 주세요.',
  },
  keeping: {
    choose: '결제할 카드',
    another: '다른 카드 사용',
    expires: (date) => `유효기간 ${date}`,
    expired: (date) => `유효기간 만료(${date}), 사용할 수 없음`,
    remove: '저장된 카드 삭제',
    removeHint: '삭제한 카드는 더 이상 표시되지 않으며 상점의 청구에도 사용되지 않습니다.',
    removeNow: (card) => `${card} 삭제`,
    save: '다음 결제를 위해 이 카드 저장',
    saveHint:
      '카드 번호는 암호화하여 저장되며 상점에 전달되지 않습니다. 다음 결제에도 보안코드와 본인 인증이 필요합니다. 결제 화면에서 언제든지 삭제할 수 있습니다.',
    charge: (shop) => `${shop}에서 다음 내용으로 추후 이 카드에 청구하는 것에 동의합니다.`,
    chargeHint:
      '카드가 저장되며, 청구 시 이 화면에서의 조작이나 본인 인증은 이루어지지 않습니다. 중지하려면 상점에 연락해 주세요.',
  },
  paymentTypes: {
    label: '할부 개월',
    hint: '수수료는 카드사 규정에 따릅니다',
    lumpSum: '일시불',
    installments: (count) => `${count}개월 할부`,
    revolving: '리볼빙 결제',
    bonus: '보너스 일시불',
    bonusInstallments: (count) => `보너스 병용 ${count}개월 할부`,
    chooseAgain: '할부 개월을 다시 선택해 주세요.',
    notForBrand: (brand, type) =>
      `${brand} 카드는 ‘${type}’ 방식을 이용할 수 없습니다. 다른 방식을 선택해 주세요.`,
  },
  failures: {
    card_declined: {
      title: '이 카드로 결제를 완료하지 못했습니다.',
      text: `${NOT_CHARGED} ${NEXT}`,
    },
    plan_declined: {
      title: '이 카드로 결제를 완료하지 못했습니다.',
      text: `${NOT_CHARGED} 일시불로 변경하시거나 다른 카드나 다른 결제 방법을 이용해 주세요.`,
    },
    authentication_failed: {
      title: '카드사의 본인 인증이 완료되지 않았습니다.',
      text: `${NOT_CHARGED} ${AGAIN}`,
    },
    authentication_rejected: {
      title: '카드사가 이 결제를 승인하지 않았습니다.',
      text: `${NOT_CHARGED} ${NEXT}`,
    },
    authentication_unavailable: {
      title: '카드사의 본인 인증을 진행하지 못했습니다.',
      text: `${NOT_CHARGED} ${LATER}`,
    },
    authentication_canceled: {
      title: '카드사의 본인 인증이 취소되었습니다.',
      text: `${NOT_CHARGED} ${AGAIN}`,
    },
    authentication_timeout: {
      title: '카드사의 본인 인증이 시간 안에 끝나지 않았습니다.',
      text: `${NOT_CHARGED} ${AGAIN}`,
    },
    issuer_unavailable: {
      title: '카드사에 연결되지 않아 결제를 완료하지 못했습니다.',
      text: `${NOT_CHARGED} ${LATER}`,
    },
    network_unavailable: {
      title: '통신 문제로 결제를 전송하지 못했습니다.',
      text: `${NOT_CHARGED} 다시 시도해 주세요.`,
    },
    outcome_reversed: {
      title: '카드사의 응답이 시간 안에 오지 않아 결제를 취소했습니다.',
      text: `${NOT_CHARGED} ${AGAIN}`,
    },
    abandoned: {
      title: '진행 중이던 결제를 중지했습니다.',
      text: `${NOT_CHARGED} 결제 방법을 다시 선택해 주세요.`,
    },
  },
  threeDs: {
    preparing: {
      title: '본인 인증을 준비하고 있습니다',
      text: '잠시만 기다려 주세요. 카드사의 확인 화면으로 자동으로 이동합니다.',
    },
    askingEmail: {
      title: '이메일을 입력해 주세요',
      text: '카드사의 본인 인증에 필요합니다. 입력하시면 본인 인증으로 이동합니다.',
    },
    continue: '계속하기',
    waiting: { title: '카드사에 확인하고 있습니다', text: `잠시만 기다려 주세요. ${NOT_TWICE}` },
    challenge: { title: '카드사의 본인 인증', text: '카드사 화면에서 결제를 확인해 주세요.' },
    openChallenge: '본인 인증하기',
    challengeFrame: '카드사의 본인 인증 화면',
    fullPage: '전체 화면으로 열기',
    fullPageHint: '화면이 표시되지 않으면',
    anotherWay: '다른 방법으로 결제',
    returned: {
      title: '본인 인증 결과를 확인하고 있습니다',
      text: `잠시만 기다려 주세요. ${NOT_TWICE}`,
    },
    goBack: '결제 화면으로 돌아가 주세요.',
  },
  bank: {
    title: '은행 화면에서 결제해 주세요',
    text: `은행 화면에서 결제가 끝나면 이 화면으로 돌아옵니다. 돌아오지 않아도 결과는 자동으로 확인합니다. ${NOT_TWICE}`,
    open: '은행 화면 열기',
    check: '결과 확인',
  },
  numbers: {
    requesting: {
      title: '결제를 준비하고 있습니다',
      text: `잠시만 기다려 주세요. ${NOT_TWICE}`,
    },
    issued: (by) => ({
      title: '결제 번호를 알려 드립니다',
      text: `아직 결제가 완료되지 않았습니다. 기한(${by})까지 결제해 주세요.`,
    }),
    expired: (by) => ({
      title: '결제 기한이 지났습니다',
      text: `결제 기한(${by})이 지나 이 번호로는 결제할 수 없습니다. ${NOT_CHARGED} ${RESTART}`,
    }),
    withdrawn: {
      title: '이 결제 번호는 취소되었습니다',
      text: `${NOT_CHARGED} 이 번호로 결제하지 마세요. ${ASK}`,
    },
    payBy: '결제 기한',
    amount: '결제 금액',
    printed: '단말기에 표시되는 이름',
    copy: '복사',
    copied: '복사했습니다',
    slip: '계산대에서 이 바코드를 보여 주세요',
    print: '인쇄',
  },
  confirming: {
    title: '결제 결과를 확인하고 있습니다.',
    text: `${NOT_TWICE} 이 화면은 닫으셔도 됩니다.`,
  },
  checkAgain: '최신 상태 보기',
  results: {
    paid: { title: '결제가 완료되었습니다', text: '감사합니다.' },
    alreadyPaid: { title: '이미 결제된 주문입니다.', text: '다시 결제하실 필요가 없습니다.' },
    accepted: {
      title: '결제가 접수되었습니다',
      text: '카드 이용 한도를 확보했습니다. 상점이 주문을 확정한 후 청구됩니다.',
    },
    voided: { title: '이 결제는 취소되었습니다', text: `${NOT_CHARGED} ${ASK}` },
    refunded: {
      title: '이 결제는 환불되었습니다',
      text: `카드에 반영되기까지 며칠이 걸릴 수 있습니다. ${ASK}`,
    },
    shopperCanceled: {
      title: '결제를 취소했습니다',
      text: `${NOT_CHARGED} 상점으로 돌아가 쇼핑을 계속하실 수 있습니다.`,
    },
    merchantCanceled: { title: '상점에서 이 결제를 취소했습니다', text: `${NOT_CHARGED} ${ASK}` },
    merchantExpired: { title: '이 결제의 접수가 종료되었습니다', text: `${NOT_CHARGED} ${RESTART}` },
    attemptsUsed: { title: '시도 횟수를 모두 사용했습니다', text: `${NOT_CHARGED} ${RESTART}` },
    replaced: {
      title: '새로운 결제 화면이 있습니다',
      text: '이 주문은 나중에 연 화면에서 계속 결제해 주세요. 이 화면에서는 청구되지 않습니다.',
    },
    timedOut: (time) => ({
      title: '결제 기한이 지났습니다',
      text: `결제 기한(${time})이 지났습니다. ${NOT_CHARGED} ${RESTART}`,
    }),
  },
  receipt: {
    heading: '결제 내역',
    shop: '결제 상점',
    item: '주문 내용',
    order: '주문 번호',
    ordered: '주문 금액',
    refunded: '그중 환불 금액',
    card: '결제 방법',
    cardEnding: (brand, last4) => `${brand} 끝자리 ${last4}`,
    paidAt: '결제 일시',
  },
  toShop: '상점으로 돌아가기',
  toShopSoon: '5초 후 자동으로 상점으로 돌아갑니다.',
  stay: '이 화면에 머무르기',
  staying: '이 화면에 머물러 있습니다.',
  notFound: {
    title: '결제 화면을 찾을 수 없습니다',
    text: '링크가 불완전하거나 오래되었습니다. 이 화면에서는 청구되지 않습니다. 상점 화면에서 다시 진행해 주세요.',
  },
  busy: { title: '현재 이용이 많습니다', text: `${NOT_TWICE} 잠시 후 다시 시도해 주세요.` },
  refused: {
    title: '전송을 접수하지 못했습니다',
    text: '안전을 위해 다른 사이트에서 보낸 내용은 접수하지 않습니다. 이 전송으로는 청구되지 않았습니다. 결제 화면에서 다시 진행해 주세요.',
  },
  tooLarge: {
    title: '전송을 접수하지 못했습니다',
    text: '내용이 너무 길거나 형식이 올바르지 않습니다. 이 전송으로는 청구되지 않았습니다. 결제 화면에서 다시 진행해 주세요.',
  },
  entry: {
    refused: {
      title: '결제 화면을 열지 못했습니다',
      text: `상점에서 보낸 정보를 확인하지 못했습니다. ${NOT_CHARGED} 상점 화면으로 돌아가 다시 시도해 주세요. 계속되면 아래 번호를 상점에 알려 주세요.`,
    },
    stale: {
      title: '결제 화면의 유효 시간이 지났습니다',
      text: `상점 화면을 연 후 시간이 많이 지났습니다. ${NOT_CHARGED} 상점 화면으로 돌아가 다시 진행해 주세요.`,
    },
    paid: {
      title: '이미 결제된 주문입니다',
      text: '다시 결제하실 필요가 없습니다. 주문 상태는 상점 화면에서 확인해 주세요.',
    },
    inProgress: {
      title: '결제가 진행 중인 주문입니다',
      text: `다른 화면에서 결제가 진행되고 있습니다. ${NOT_TWICE} 그 화면에서 계속해 주세요.`,
    },
    ours: {
      title: '지금은 결제 화면을 열 수 없습니다',
      text: `${NOT_CHARGED} 잠시 후 상점 화면에서 다시 시도해 주세요.`,
    },
  },
  backToPage: '결제 화면으로',
  reference: '문의 번호',
  footer: {
    by: '이 결제 화면은 PayResort+가 제공합니다.',
    terms: '특정상거래법에 따른 표기 및 이용약관',
    contact: '상점에 문의',
  },
} satisfies Texts;
