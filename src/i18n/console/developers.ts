import type { ConsoleTexts, SameShape } from './texts.ts';

/** The developers' corner: its places, API keys, secrets. */
const ja = {
  title: '開発者',
  tabs: {
    keys: 'APIキーと署名',
    endpoints: '通知先',
    deliveries: '配信履歴',
    events: 'イベント',
    debugger: '署名デバッガー',
    testing: 'テスト操作',
    start: 'はじめに',
  },
  areas: '開発者メニュー',
  jst: '時刻は日本時間です。',
  never: 'なし',
  keys: {
    title: 'APIキー',
    lead: 'サーバーからAPIを呼ぶにはシークレットキー（sk_）、カード入力部品には公開可能キー（pk_）を使います。いま表示している環境のキーだけが並びます。',
    kind: { secret: 'シークレット', publishable: '公開可能' },
    head: { hint: 'キー', kind: '種類', label: '名前', created: '作成', lastUsed: '最終使用', state: '状態' },
    noHint: '（表示なし）',
    state: { works: '有効', ends: (at: string) => `${at} に終了`, ended: (at: string) => `${at} に終了済み` },
    ended: (count: number) => `終了したキー（${count}）`,
    none: 'キーはまだありません。',
    rotate: '交換',
    revoke: '緊急停止',
    rotateOf: (hint: string) => `${hint} を交換`,
    revokeOf: (hint: string) => `${hint} を緊急停止`,
    make: '新しいキーを作る',
    label: '名前（任意）',
    labelHint: '使う場所がわかる名前。例：本店サーバー',
    kindLabel: '種類',
    secretHint: 'すべての操作ができます。サーバーの外に出さないでください。',
    publishableHint: 'カードのトークンを作ることだけができます。ページに書いてかまいません。',
    makeButton: 'キーを作る',
  },
  rotate: {
    title: 'APIキーの交換',
    lead: (hint: string) =>
      `新しいキーをすぐに発行します。いまのキー ${hint} は、選んだ時間が過ぎると使えなくなります。`,
    overlap: '古いキーを使える期間',
    hours: (hours: number) =>
      hours === 0 ? 'すぐに終了する' : hours < 24 ? `${hours}時間` : `${hours / 24}日`,
    advice:
      '期間中は両方のキーが有効です。新しいキーをサーバーに設定し、古いキーの「最終使用」が進まなくなったことを確かめてください。',
    go: '新しいキーを発行する',
    cancel: 'やめる',
  },
  revoke: {
    title: 'APIキーの緊急停止',
    lead: (hint: string) => `キー ${hint} をいますぐ停止します。元に戻せません。`,
    effect:
      'このキーを使った次のリクエストから、すべて 401 で拒否されます。このキーを使っているシステムでは決済が止まります。',
    lastUsed: '最終使用',
    instead: '漏えいの心配がなければ、止めずに済む「交換」をお使いください。',
    go: 'いますぐ停止する',
  },
  secrets: {
    title: '署名シークレット',
    lead: '改ざんを防ぐ署名に使います。交換の間は2つが同時に有効です。',
    kind: { signing: '通知の署名（whsec_）', entry: 'リンク連携の署名（esec_）' },
    what: {
      signing: '結果の通知と戻りに、当社がつける署名です。受け取った内容の検証に使います。',
      entry: '/pay のフォームやリンクに、あなたがつける署名です。',
    },
    since: (at: string) => `${at} から有効`,
    ends: (at: string) => `${at} に終了`,
    stays: '期限なし',
    none: 'まだありません。',
    make: '新しく作る',
    end: 'いますぐ終了',
    endOf: (at: string) => `${at} からのシークレットをいますぐ終了`,
    two: '交換の途中です。古いほうが終了すると、次の交換ができます。',
  },
  rotateSecret: {
    title: {
      signing: '通知の署名シークレットを新しく作る',
      entry: 'リンク連携の署名シークレットを新しく作る',
    },
    lead: {
      signing:
        '作成するとすぐ、通知には新旧2つの署名がつきます。期間内に受信側へ新しいシークレットを設定してください。',
      entry:
        '作成するとすぐ、新旧どちらの署名も受けつけます。期間内に送信側を新しいシークレットに切り替えてください。',
    },
    overlap: '古いシークレットを使える期間',
    go: '新しいシークレットを作る',
  },
  endSecret: {
    title: 'シークレットをいますぐ終了',
    lead: {
      signing: 'このシークレットによる署名を、次の通知からやめます。まだ使っている受信側は検証に失敗します。',
      entry: 'このシークレットで署名された /pay の呼び出しを、いますぐ拒否します。',
    },
    go: 'いますぐ終了する',
  },
  shown: {
    key: '新しいAPIキー',
    secret: '新しいシークレット',
    once: 'この値が表示されるのは今だけです。安全な場所に保存してから、このページを離れてください。',
    field: '値',
    copy: 'コピー',
    copied: 'コピーしました',
    old: (at: string) => `古いほうは ${at}（日本時間）に終了します。`,
    oldNow: '古いほうは終了しました。',
    back: '保存しました。一覧へ',
    again:
      'すでに作成済みです。値は作成時に一度だけ表示しました。控えていない場合は、もう一度交換してください。',
    ending: 'すでに交換の途中か、終了しています。一覧で確かめてください。',
  },
  said: {
    revoked: 'キーを停止しました。次のリクエストから拒否されます。',
    secret_ended: 'シークレットを終了しました。',
    secret_last: '最後の1つは終了できません。先に新しいシークレットを作ってください。',
  },
} as const;

const en: SameShape<typeof ja> = {
  title: 'Developers',
  tabs: {
    keys: 'Keys and secrets',
    endpoints: 'Endpoints',
    deliveries: 'Deliveries',
    events: 'Events',
    debugger: 'Signature debugger',
    testing: 'Test controls',
    start: 'First steps',
  },
  areas: 'Developers',
  jst: 'Times are Japan Standard Time.',
  never: 'never',
  keys: {
    title: 'API keys',
    lead: 'Secret keys (sk_) call the API from your server; publishable ones (pk_) are for card fields. Keys of this mode only.',
    kind: { secret: 'Secret', publishable: 'Publishable' },
    head: {
      hint: 'Key',
      kind: 'Kind',
      label: 'Name',
      created: 'Made',
      lastUsed: 'Last used',
      state: 'State',
    },
    noHint: '(not kept)',
    state: { works: 'works', ends: (at) => `ends ${at}`, ended: (at) => `ended ${at}` },
    ended: (count) => `Keys that have ended (${count})`,
    none: 'There is no key yet.',
    rotate: 'Rotate',
    revoke: 'Revoke',
    rotateOf: (hint) => `Rotate ${hint}`,
    revokeOf: (hint) => `Revoke ${hint}`,
    make: 'Make a new key',
    label: 'Name (optional)',
    labelHint: 'Where it is used, for example: main shop server',
    kindLabel: 'Kind',
    secretHint: 'Does everything. Keep it on your servers.',
    publishableHint: 'Only makes card tokens. It may stand in your pages.',
    makeButton: 'Make the key',
  },
  rotate: {
    title: 'Rotate an API key',
    lead: (hint) =>
      `A new key is made at once. The present one, ${hint}, stops working after the time you choose.`,
    overlap: 'How long the old key goes on',
    hours: (hours) =>
      hours === 0
        ? 'ends at once'
        : hours === 1
          ? '1 hour'
          : hours < 24
            ? `${hours} hours`
            : hours === 24
              ? '1 day'
              : `${hours / 24} days`,
    advice:
      'Both keys work until then. Put the new one on your servers, and see that “last used” of the old one stands still.',
    go: 'Make the new key',
    cancel: 'Leave it',
  },
  revoke: {
    title: 'Revoke an API key',
    lead: (hint) => `Stops the key ${hint} now. This cannot be undone.`,
    effect:
      'From the next request on, whatever uses this key is refused with 401. Systems that use it can take no payments.',
    lastUsed: 'Last used',
    instead: 'If it has not leaked, rotate it instead: nothing stops then.',
    go: 'Revoke it now',
  },
  secrets: {
    title: 'Secrets for signatures',
    lead: 'They keep what is sent from being changed on its way. During a rotation two of a kind are valid.',
    kind: { signing: 'Signing secret (whsec_)', entry: 'Entry secret (esec_)' },
    what: {
      signing: 'We sign results with it: notifications and returns. You verify with it.',
      entry: 'You sign forms and links for /pay with it.',
    },
    since: (at) => `valid since ${at}`,
    ends: (at) => `ends ${at}`,
    stays: 'no end set',
    none: 'There is none yet.',
    make: 'Make a new one',
    end: 'End now',
    endOf: (at) => `End now: the secret of ${at}`,
    two: 'A rotation is under way. The next one can begin when the older secret has ended.',
  },
  rotateSecret: {
    title: { signing: 'Make a new signing secret', entry: 'Make a new entry secret' },
    lead: {
      signing:
        'From now on notifications carry two signatures, one of each secret. Put the new one on your receivers in the meantime.',
      entry: 'From now on both are accepted. Sign with the new one before the old one ends.',
    },
    overlap: 'How long the old secret goes on',
    go: 'Make the new secret',
  },
  endSecret: {
    title: 'End a secret now',
    lead: {
      signing:
        'We no longer sign with it, from the next notification on. Receivers that still use it will refuse what comes.',
      entry: 'Calls of /pay that are signed with it are refused at once.',
    },
    go: 'End it now',
  },
  shown: {
    key: 'New API key',
    secret: 'New secret',
    once: 'This is the only time it is shown. Keep it in a safe place before you leave this page.',
    field: 'Value',
    copy: 'Copy',
    copied: 'Copied',
    old: (at) => `The old one ends ${at} (JST).`,
    oldNow: 'The old one has ended.',
    back: 'I have kept it: back to the list',
    again:
      'It was made already. Its value was shown once, when it was made; if nobody kept it, rotate again.',
    ending: 'A rotation is under way already, or it has ended. Please look at the list.',
  },
  said: {
    revoked: 'The key is revoked. The next request with it is refused.',
    secret_ended: 'The secret has ended.',
    secret_last: 'The only one cannot be ended. Make a new one first.',
  },
};

export const DEVELOPERS_TEXTS = { ja, en } satisfies ConsoleTexts;
