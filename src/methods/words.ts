import type { Input, Words } from './method.ts';

/** The words around a method's inputs. */
interface InputWords {
  label: Words;
  hint: Words | null;
  missing: Words;
  invalid: Words;
}

export const INPUT_WORDS = {
  name: {
    label: { ja: 'お名前', en: 'Name', 'zh-Hans': '姓名', 'zh-Hant': '姓名', ko: '이름' },
    hint: null,
    missing: {
      ja: 'お名前を入力してください。',
      en: 'Enter your name.',
      'zh-Hans': '请输入姓名。',
      'zh-Hant': '請輸入姓名。',
      ko: '이름을 입력해 주세요.',
    },
    invalid: {
      ja: 'お名前は50文字までで入力してください。',
      en: 'Enter a name of at most 50 characters.',
      'zh-Hans': '姓名请勿超过50个字符。',
      'zh-Hant': '姓名請勿超過50個字元。',
      ko: '이름은 50자 이내로 입력해 주세요.',
    },
  },
  kana: {
    label: {
      ja: 'お名前(フリガナ)',
      en: 'Name in katakana or Roman letters',
      'zh-Hans': '姓名（片假名或罗马字）',
      'zh-Hant': '姓名（片假名或羅馬字）',
      ko: '이름(가타카나 또는 로마자)',
    },
    hint: null,
    missing: {
      ja: 'フリガナを入力してください。',
      en: 'Enter your name in katakana or Roman letters.',
      'zh-Hans': '请用片假名或罗马字输入姓名。',
      'zh-Hant': '請以片假名或羅馬字輸入姓名。',
      ko: '가타카나 또는 로마자로 이름을 입력해 주세요.',
    },
    invalid: {
      ja: 'フリガナはカタカナかローマ字で入力してください。例: ヤマダ タロウ',
      en: 'Use katakana or Roman letters, such as Yamada Taro.',
      'zh-Hans': '请使用片假名或罗马字，例如 Yamada Taro。',
      'zh-Hant': '請使用片假名或羅馬字，例如 Yamada Taro。',
      ko: '가타카나 또는 로마자로 입력해 주세요. 예: Yamada Taro',
    },
  },
  phone: {
    label: {
      ja: '電話番号',
      en: 'Phone number',
      'zh-Hans': '电话号码',
      'zh-Hant': '電話號碼',
      ko: '전화번호',
    },
    hint: {
      ja: 'お店の端末で番号と一緒に入力します',
      en: 'You will type it at the terminal with the number',
      'zh-Hans': '在店内终端与号码一起输入',
      'zh-Hant': '在店內機台與號碼一起輸入',
      ko: '매장 단말기에서 번호와 함께 입력합니다',
    },
    missing: {
      ja: '電話番号を入力してください。',
      en: 'Enter a phone number.',
      'zh-Hans': '请输入电话号码。',
      'zh-Hant': '請輸入電話號碼。',
      ko: '전화번호를 입력해 주세요.',
    },
    invalid: {
      ja: '0から始まる10桁か11桁の電話番号を入力してください。例: 09012345678',
      en: 'Enter a Japanese phone number of 10 or 11 digits, such as 09012345678.',
      'zh-Hans': '请输入以0开头的10或11位日本电话号码，例如 09012345678。',
      'zh-Hant': '請輸入以0開頭的10或11位日本電話號碼，例如 09012345678。',
      ko: '0으로 시작하는 10~11자리 일본 전화번호를 입력해 주세요. 예: 09012345678',
    },
  },
  email: {
    label: {
      ja: 'メールアドレス(任意)',
      en: 'E-mail (optional)',
      'zh-Hans': '电子邮箱（选填）',
      'zh-Hant': '電子郵件（選填）',
      ko: '이메일(선택)',
    },
    hint: {
      ja: '番号と期限のお知らせをお送りします',
      en: 'We send you the number and a reminder',
      'zh-Hans': '我们会把号码和期限提醒发送给您',
      'zh-Hant': '我們會將號碼與期限提醒寄給您',
      ko: '번호와 기한 안내를 보내 드립니다',
    },
    missing: {
      ja: 'メールアドレスを入力してください。',
      en: 'Enter an e-mail address.',
      'zh-Hans': '请输入电子邮箱。',
      'zh-Hant': '請輸入電子郵件。',
      ko: '이메일을 입력해 주세요.',
    },
    invalid: {
      ja: 'メールアドレスの形式をご確認ください。例: taro@example.com',
      en: 'Check the e-mail address, such as taro@example.com.',
      'zh-Hans': '请检查电子邮箱格式，例如 taro@example.com。',
      'zh-Hant': '請檢查電子郵件格式，例如 taro@example.com。',
      ko: '이메일 형식을 확인해 주세요. 예: taro@example.com',
    },
  },
} as const satisfies Record<Input, InputWords>;

export const CHOICE_MISSING: Record<'chain' | 'bank', Words> = {
  chain: {
    ja: 'お支払いになるお店を選んでください。',
    en: 'Choose a store.',
    'zh-Hans': '请选择付款的便利店。',
    'zh-Hant': '請選擇付款的便利商店。',
    ko: '결제할 편의점을 선택해 주세요.',
  },
  bank: {
    ja: 'ご利用の銀行を選んでください。',
    en: 'Choose your bank.',
    'zh-Hans': '请选择银行。',
    'zh-Hant': '請選擇銀行。',
    ko: '은행을 선택해 주세요.',
  },
};

/** Why nothing came of a method, in the shopper's words. */
export const FAILURE_WORDS = {
  number_refused: {
    title: {
      ja: 'お支払い番号を発行できませんでした。',
      en: 'No payment number could be issued.',
      'zh-Hans': '未能发出付款号码。',
      'zh-Hant': '無法發出付款號碼。',
      ko: '결제 번호를 발급하지 못했습니다.',
    },
    text: {
      ja: '請求はされていません。入力内容をご確認いただくか、ほかのお支払い方法をお試しください。',
      en: 'You have not been charged. Check what you typed, or choose another way to pay.',
      'zh-Hans': '您未被扣款。请检查输入内容，或选择其他付款方式。',
      'zh-Hant': '您未被扣款。請檢查輸入內容，或選擇其他付款方式。',
      ko: '청구되지 않았습니다. 입력 내용을 확인하시거나 다른 결제 방법을 이용해 주세요.',
    },
  },
  bank_declined: {
    title: {
      ja: '銀行でのお支払いが完了しませんでした。',
      en: 'The bank did not complete the payment.',
      'zh-Hans': '银行付款未完成。',
      'zh-Hant': '銀行付款未完成。',
      ko: '은행에서 결제가 완료되지 않았습니다.',
    },
    text: {
      ja: '請求はされていません。もう一度お試しいただくか、ほかのお支払い方法をお選びください。',
      en: 'You have not been charged. Try again, or choose another way to pay.',
      'zh-Hans': '您未被扣款。请重试，或选择其他付款方式。',
      'zh-Hant': '您未被扣款。請重試，或選擇其他付款方式。',
      ko: '청구되지 않았습니다. 다시 시도하시거나 다른 결제 방법을 이용해 주세요.',
    },
  },
  bank_canceled: {
    title: {
      ja: '銀行でのお手続きを中止しました。',
      en: 'The payment at the bank was cancelled.',
      'zh-Hans': '已取消银行付款。',
      'zh-Hant': '已取消銀行付款。',
      ko: '은행 결제를 중지했습니다.',
    },
    text: {
      ja: '請求はされていません。お支払い方法をもう一度お選びください。',
      en: 'You have not been charged. Choose how to pay.',
      'zh-Hans': '您未被扣款。请重新选择付款方式。',
      'zh-Hant': '您未被扣款。請重新選擇付款方式。',
      ko: '청구되지 않았습니다. 결제 방법을 다시 선택해 주세요.',
    },
  },
  bank_timeout: {
    title: {
      ja: '銀行でのお支払いが時間内に終わりませんでした。',
      en: 'The payment at the bank was not finished in time.',
      'zh-Hans': '银行付款未在时限内完成。',
      'zh-Hant': '銀行付款未在時限內完成。',
      ko: '은행 결제가 시간 안에 끝나지 않았습니다.',
    },
    text: {
      ja: '請求はされていません。もう一度お試しいただくか、ほかのお支払い方法をお選びください。',
      en: 'You have not been charged. Try again, or choose another way to pay.',
      'zh-Hans': '您未被扣款。请重试，或选择其他付款方式。',
      'zh-Hant': '您未被扣款。請重試，或選擇其他付款方式。',
      ko: '청구되지 않았습니다. 다시 시도하시거나 다른 결제 방법을 이용해 주세요.',
    },
  },
} as const satisfies Record<string, { title: Words; text: Words }>;

/** What the button of a method says that is not paid at once here. */
export const METHOD_BUTTONS: Record<'number' | 'redirect', Words> = {
  number: {
    ja: '支払い番号を受け取る',
    en: 'Get the payment number',
    'zh-Hans': '获取付款号码',
    'zh-Hant': '取得付款號碼',
    ko: '결제 번호 받기',
  },
  redirect: {
    ja: '銀行の画面へ進む',
    en: 'Go to your bank',
    'zh-Hans': '前往银行页面',
    'zh-Hant': '前往銀行頁面',
    ko: '은행 화면으로 이동',
  },
};
