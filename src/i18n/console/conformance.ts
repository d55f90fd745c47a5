import type { ConsoleTexts, SameShape } from './texts.ts';

/** The conformance run: each check with its name, what is expected, and what to do where it is not met. */
const ja = {
  title: '適合テスト',
  lead: '正しい通知と、わざと壊した通知をこの通知先へ送り、受け取り方を確かめます。',
  marked:
    '送るのはテスト用の架空のイベントです。注文番号は「conformance-」で始まり、決済としては記録されません。',
  unseen:
    '外からは確かめられないこと：同じ通知を二重に処理していないか、古い順番の通知で状態を戻していないか。応答だけではわからないため、ご自身のデータで確かめてください。',
  go: 'テストを実行する',
  again: 'もう一度実行する',
  running: '実行中です。1〜2分かかることがあります。',
  reload: '最新の状態にする',
  cut: '前回の実行は途中で終わりました。もう一度実行してください。',
  never: 'まだ実行していません。',
  started: '開始',
  ended: '終了',
  summary: (pass: number, all: number) => `${all}項目中 ${pass}項目が合格`,
  head: { check: '項目', outcome: '判定', answer: '応答', advice: '対応' },
  outcome: { pass: '合格', fail: '不合格', warning: '注意', skipped: '未実施' },
  took: (ms: number) => `${ms} ミリ秒`,
  notes: {
    no_secret: '署名シークレットがありません。先に「APIキーと署名」で作ってください。',
    already: 'すでに実行中です。',
    server_error: '拒否はしていますが、エラー（5xx）か無応答です。400 を返すようにしてください。',
    redirect: '転送（3xx）には従いません。通知先には最終的なアドレスを登録してください。',
  },
  checks: {
    valid: {
      name: '正しい通知',
      expects: '2xx を返す',
      advice: '署名の検証を確かめてください。「署名デバッガー」で原因を調べられます。',
    },
    duplicate: {
      name: '同じ通知がもう一度',
      expects: '2xx を返す（処理は1回だけ）',
      advice: '受け取り済みの id には、何もせずに 2xx を返してください。エラーを返すと再送が続きます。',
    },
    out_of_order: {
      name: '順序が逆の通知',
      expects: 'どちらにも 2xx を返す',
      advice: 'sequence が小さい通知は、何も変えずに 2xx を返してください。',
    },
    unknown_type: {
      name: '知らない種類のイベント',
      expects: '2xx を返す',
      advice: '知らない種類は無視して 2xx を返してください。種類は今後増えることがあります。',
    },
    rotated: {
      name: '交換中の2つの署名',
      expects: '2xx を返す',
      advice: '空白で区切られた署名のうち、1つでも合えば正しい通知です。最初の1つだけを見ないでください。',
    },
    unknown_scheme: {
      name: '知らない方式の署名が混ざる',
      expects: '2xx を返す',
      advice: '知らない方式（v9 など）は読み飛ばしてください。',
    },
    big: {
      name: '大きな通知（約30KB）',
      expects: '2xx を返す',
      advice: '受け取れる本文の大きさを、64KB 以上にしてください。',
    },
    late: {
      name: '1時間前の通知',
      expects: '拒否する（4xx）',
      advice: 'timestamp が 300 秒より古いものは拒否してください。盗み見た通知の使い回しを防ぎます。',
    },
    future: {
      name: '1時間先の通知',
      expects: '拒否する（4xx）',
      advice: 'timestamp が 300 秒より先のものも拒否してください。',
    },
    tampered: {
      name: '金額を書き換えた通知',
      expects: '拒否する（4xx）',
      advice: '署名を検証していないか、解析後の値を検証しています。受信した本文そのものを検証してください。',
    },
    wrong_secret: {
      name: '別のシークレットの署名',
      expects: '拒否する（4xx）',
      advice: '署名を検証してください。合わないものは受け取らないでください。',
    },
    missing_signature: {
      name: '署名がない通知',
      expects: '拒否する（4xx）',
      advice: '署名のヘッダーがない通知は拒否してください。',
    },
    foreign_merchant: {
      name: 'ほかの加盟店あての通知',
      expects: '拒否する（4xx）',
      advice: '公開鍵（v1a）で検証する場合は、merchant_id と mode が自分のものかも確かめてください。',
    },
    speed: {
      name: '応答の速さ',
      expects: '5秒以内（15秒で打ち切り、再送）',
      advice: '受け取ったら先に 2xx を返し、時間のかかる処理は後で行ってください。',
    },
  },
} as const;

const en: SameShape<typeof ja> = {
  title: 'Conformance run',
  lead: 'Sends this endpoint good notifications and some that are spoilt on purpose, and looks how it answers.',
  marked:
    'What is sent are made-up events. Their order ids begin with “conformance-”, and nothing is recorded as a payment.',
  unseen:
    'Not seen from outside: whether a repeated event is handled once, and a late one turns nothing back. Look into your data.',
  go: 'Run it',
  again: 'Run it again',
  running: 'It is running. It may take a minute or two.',
  reload: 'Look again',
  cut: 'The last run was cut off. Please run it again.',
  never: 'It has not been run yet.',
  started: 'Started',
  ended: 'Ended',
  summary: (pass, all) => `${pass} of ${all} passed`,
  head: { check: 'Check', outcome: 'Outcome', answer: 'Answer', advice: 'What to do' },
  outcome: { pass: 'pass', fail: 'fail', warning: 'notice', skipped: 'not run' },
  took: (ms) => `${ms} ms`,
  notes: {
    no_secret: 'There is no signing secret. Make one under “Keys and secrets” first.',
    already: 'It is running already.',
    server_error: 'It was refused, but by an error (5xx) or by silence. Answer 400.',
    redirect: 'Redirects (3xx) are not followed. Register the address that they lead to.',
  },
  checks: {
    valid: {
      name: 'A good notification',
      expects: 'answers 2xx',
      advice: 'Look at how the signature is checked. The signature debugger finds out why it does not hold.',
    },
    duplicate: {
      name: 'The same one again',
      expects: 'answers 2xx (and handles it once)',
      advice: 'Answer 2xx to an id you have taken, and do nothing. An error makes it come again and again.',
    },
    out_of_order: {
      name: 'Two in the wrong order',
      expects: 'answers 2xx to both',
      advice: 'Let a lower sequence change nothing, and answer 2xx.',
    },
    unknown_type: {
      name: 'An event of a type unknown',
      expects: 'answers 2xx',
      advice: 'Ignore types you do not know, with 2xx: there may be more of them one day.',
    },
    rotated: {
      name: 'Two signatures, as in a rotation',
      expects: 'answers 2xx',
      advice: 'One good signature among those in the list is enough. Do not look at the first alone.',
    },
    unknown_scheme: {
      name: 'A signature of a scheme unknown',
      expects: 'answers 2xx',
      advice: 'Skip schemes that you do not know (v9).',
    },
    big: {
      name: 'A big one (some 30 KB)',
      expects: 'answers 2xx',
      advice: 'Take bodies of up to 64 KB at least.',
    },
    late: {
      name: 'One of an hour ago',
      expects: 'refuses (4xx)',
      advice:
        'Refuse a timestamp older than 300 seconds, so that nobody sends again what was seen on its way.',
    },
    future: {
      name: 'One of an hour ahead',
      expects: 'refuses (4xx)',
      advice: 'Refuse a timestamp more than 300 seconds ahead, too.',
    },
    tampered: {
      name: 'One whose amount was changed',
      expects: 'refuses (4xx)',
      advice: 'Signatures are not checked, or not over the body as it came. Check before anything is parsed.',
    },
    wrong_secret: {
      name: 'Signed with another secret',
      expects: 'refuses (4xx)',
      advice: 'Check signatures, and take nothing whose signature does not hold.',
    },
    missing_signature: {
      name: 'Without a signature',
      expects: 'refuses (4xx)',
      advice: 'Refuse what has no signature header.',
    },
    foreign_merchant: {
      name: 'Meant for another merchant',
      expects: 'refuses (4xx)',
      advice: 'Who checks v1a by our public key must compare merchant_id and mode with their own.',
    },
    speed: {
      name: 'The slowest answer',
      expects: 'within 5 s (after 15 s it is sent again)',
      advice: 'Answer 2xx first, and do what takes time later.',
    },
  },
};

export const CONFORMANCE_TEXTS = { ja, en } satisfies ConsoleTexts;
