import type { ConsoleTexts, SameShape } from './texts.ts';

/** What stands around every page of the console. */
const ja = {
  product: '加盟店コンソール',
  skip: '本文へ',
  menu: 'メニュー',
  places: {
    home: 'ホーム',
    payments: '決済',
    requests: 'メールリンク',
    links: '決済リンク',
    design: 'ページデザイン',
    developers: '開発者',
    users: 'ユーザー',
    audit: '監査ログ',
    account: 'アカウント',
  },
  mode: {
    test: 'テスト環境',
    live: '本番環境',
    toTest: 'テスト環境に切り替える',
    toLive: '本番環境に切り替える',
  },
  testNotice: 'テスト環境を表示しています。実際のお金は動きません。',
  logout: 'ログアウト',
  otherLanguage: 'English',
  roles: {
    owner: 'オーナー',
    manager: '管理者',
    operator: '担当者',
    viewer: '閲覧者',
    developer: '開発者',
  },
  toHome: 'ホームへ',
  notFound: {
    title: 'ページが見つかりません',
    text: 'アドレスをお確かめください。削除されたか、表示する権限がない場合もあります。',
  },
  denied: {
    title: 'この操作はできません',
    text: 'お使いのユーザーにはこの操作の権限がありません。オーナーまたは管理者にご相談ください。',
  },
  refused: {
    title: 'もう一度お試しください',
    text: 'ほかのサイトからの送信は受け付けていません。コンソールを開き直して、もう一度操作してください。',
  },
  tooLarge: {
    title: 'ファイルが大きすぎます',
    text: 'ファイルを分けて、もう一度お試しください。何も登録されていません。',
  },
  busy: {
    title: 'ただいま表示できません',
    text: '少し待ってから、もう一度お試しください。続く場合は、次の番号を添えてお問い合わせください。',
  },
  reference: 'お問い合わせ番号',
} as const;

const en: SameShape<typeof ja> = {
  product: 'Merchant console',
  skip: 'Skip to content',
  menu: 'Menu',
  places: {
    home: 'Home',
    payments: 'Payments',
    requests: 'Links by e-mail',
    links: 'Payment links',
    design: 'Page design',
    developers: 'Developers',
    users: 'Users',
    audit: 'Audit log',
    account: 'Account',
  },
  mode: {
    test: 'Test mode',
    live: 'Live mode',
    toTest: 'Switch to test mode',
    toLive: 'Switch to live mode',
  },
  testNotice: 'You are looking at test mode. No real money moves.',
  logout: 'Log out',
  otherLanguage: '日本語',
  roles: {
    owner: 'Owner',
    manager: 'Manager',
    operator: 'Operator',
    viewer: 'Viewer',
    developer: 'Developer',
  },
  toHome: 'Home',
  notFound: {
    title: 'Page not found',
    text: 'Please check the address. It may have been removed, or your user may not be allowed to see it.',
  },
  denied: {
    title: 'You cannot do this',
    text: 'Your user is not allowed to do this. Please ask an owner or a manager.',
  },
  refused: {
    title: 'Please try again',
    text: 'What another site sends is not accepted. Open the console anew and do it again.',
  },
  tooLarge: { title: 'The file is too large', text: 'Split it and try again. Nothing was saved.' },
  busy: {
    title: 'This cannot be shown just now',
    text: 'Please wait a moment and try again. If it goes on, tell us this number.',
  },
  reference: 'Reference',
};

export const FRAME_TEXTS = { ja, en } satisfies ConsoleTexts;
