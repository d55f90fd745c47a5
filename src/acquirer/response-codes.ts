import type { FailureCode } from '../db/schema.ts';

/**
 * What a response code (DE39) means for whom: the public categories of the card schemes, by the failure
 * that the contract gives (section 8). docs/response-codes.md shows this table; a test holds the two
 * together. Publishers differ on rare codes: the shopper's text comes from the failure, never from the
 * code, and says nothing of lost cards or fraud.
 */
export interface ResponseCode {
  failure: FailureCode;
  retry: RetryAdvice;
  /** What it means, in the merchant's console. */
  merchantReason: Texts;
  /** What the merchant can do, or can tell the shopper. */
  remedy: Texts;
}

export type RetryAdvice =
  /** Not with this card: schemes fine repeated tries. */
  | 'never'
  /** The same again, one time. */
  | 'once'
  /** After a while, a few times at most. */
  | 'later'
  /** With the card's data typed correctly. */
  | 'fix_card'
  | 'another_card'
  /** With 3-D Secure and a challenge. */
  | 'challenge'
  /** When the cardholder has spoken to the issuer. */
  | 'after_contact'
  /** When we or the merchant have mended something. */
  | 'after_setup';

export interface Texts {
  ja: string;
  en: string;
}

const REMEDIES = {
  never: { ja: '同じカードでは再試行しないでください。', en: 'Do not try this card again.' },
  once: { ja: 'もう一度だけお試しください。', en: 'Try once more.' },
  later: {
    ja: '時間をおくか、別のカードをご案内ください。',
    en: 'Wait, or ask for another card.',
  },
  fix_card: {
    ja: 'カード情報の再入力をご案内ください。',
    en: 'Ask the shopper to check what was typed.',
  },
  another_card: {
    ja: '別のカードまたは別の支払方法をご案内ください。',
    en: 'Ask for another card or method.',
  },
  challenge: {
    ja: '本人認証（チャレンジ）を行って再度お試しください。',
    en: 'Try again with a 3-D Secure challenge.',
  },
  after_contact: {
    ja: '会員ご本人からカード会社へのお問い合わせをご案内ください。',
    en: 'The cardholder should call the issuer.',
  },
  after_setup: { ja: 'PayResort+へご連絡ください。', en: 'Contact PayResort+.' },
} as const satisfies Record<RetryAdvice, Texts>;

const declines = (failure: FailureCode, retry: RetryAdvice, en: string, ja: string): ResponseCode => ({
  failure,
  retry,
  merchantReason: { ja, en },
  remedy: REMEDIES[retry],
});

const GENERIC = declines(
  'card_declined',
  'another_card',
  'The issuer declined without a reason',
  'カード会社が承認しませんでした（理由の通知なし）',
);
const CONTACT = declines(
  'contact_issuer',
  'after_contact',
  'The issuer wants to be asked',
  'カード会社への確認が必要です',
);
const PICK_UP = declines(
  'card_declined',
  'never',
  'Reported lost or stolen, or withdrawn; do not tell the shopper',
  '紛失・盗難の届出または無効のカードです（購入者には伝えないでください）',
);
const LIMIT = declines(
  'limit_exceeded',
  'later',
  'Over a limit of amount or of uses',
  '利用限度額または利用回数の上限を超えています',
);
const PIN = declines(
  'card_declined',
  'another_card',
  'A PIN was wrong or is required; not possible online',
  '暗証番号の誤り、または暗証番号が必要な取引です（オンラインでは不可）',
);
const CSC = declines(
  'invalid_csc',
  'fix_card',
  'The security code is wrong',
  'セキュリティコードが一致しません',
);
const STOPPED = declines(
  'card_declined',
  'never',
  'The cardholder has stopped these payments',
  '会員が支払いの停止を申し出ています',
);
const DOWN = declines(
  'issuer_unavailable',
  'later',
  'The issuer or the network could not process it',
  'カード会社またはネットワークが処理できませんでした',
);
const ORIGINAL = declines(
  'card_declined',
  'after_setup',
  'The network does not know the original transaction, or it was reversed',
  '元の取引が見つからないか、すでに取り消されています',
);

/**
 * By DE39 as it stands on the wire. Acquirers with longer codes of their own (G.., C..) get rows here as
 * well.
 */
export const RESPONSE_CODES: Readonly<Record<string, ResponseCode>> = {
  '01': CONTACT,
  '02': CONTACT,
  '03': declines('card_declined', 'after_setup', 'The merchant is not known', '加盟店登録に問題があります'),
  '04': PICK_UP,
  '05': GENERIC,
  '07': PICK_UP,
  '10': declines(
    'card_declined',
    'another_card',
    'Approved in part only; reversed',
    '一部のみの承認のため取り消しました',
  ),
  '12': declines('card_declined', 'never', 'Not a valid transaction', '無効な取引です'),
  '13': declines('card_declined', 'after_setup', 'The amount is not valid', '金額が正しくありません'),
  '14': declines('invalid_card', 'fix_card', 'There is no such card', 'カード番号が正しくありません'),
  '15': declines('invalid_card', 'never', 'There is no such issuer', '該当するカード会社がありません'),
  '19': declines(
    'issuer_unavailable',
    'once',
    'The issuer asks to send it again',
    'カード会社が再送を求めています',
  ),
  '25': ORIGINAL,
  '30': declines(
    'card_declined',
    'after_setup',
    'The message was refused as malformed',
    '電文の形式に誤りがあります',
  ),
  '41': PICK_UP,
  '43': PICK_UP,
  '46': declines('card_declined', 'never', 'The account is closed', '解約済みの口座です'),
  '51': declines('insufficient_funds', 'later', 'Not enough funds', '残高または利用可能額が足りません'),
  '54': declines('expired_card', 'fix_card', 'The card has expired', '有効期限が切れているか、誤っています'),
  '55': PIN,
  '57': declines(
    'card_declined',
    'never',
    'Not permitted to this cardholder',
    'この会員には認められていない取引です',
  ),
  '58': declines(
    'card_declined',
    'after_setup',
    'Not permitted to this terminal',
    'この加盟店・端末には認められていない取引です',
  ),
  '59': declines(
    'card_declined',
    'later',
    'Suspected fraud; do not tell the shopper',
    '不正利用の疑いがあります（購入者には伝えないでください）',
  ),
  '61': LIMIT,
  '62': declines('card_declined', 'another_card', 'The card is restricted', '利用が制限されているカードです'),
  '63': declines(
    'card_declined',
    'another_card',
    'A security check failed',
    'セキュリティ確認で承認されませんでした',
  ),
  '65': LIMIT,
  '70': declines(
    'card_declined',
    'fix_card',
    'The data about the card is not right',
    'カードに関する情報が正しくありません',
  ),
  '75': PIN,
  '78': declines(
    'contact_issuer',
    'after_contact',
    'Blocked until its first use is unlocked',
    '初回利用の手続きが済んでいないカードです',
  ),
  '79': ORIGINAL,
  '82': CSC,
  '85': declines(
    'card_declined',
    'another_card',
    'No reason to decline: the answer to a card check, not to a sale',
    '否認理由なし（カード有効性確認への応答）',
  ),
  '86': PIN,
  '91': DOWN,
  '92': DOWN,
  '93': declines('card_declined', 'never', 'Not allowed by law', '法令により認められない取引です'),
  '94': declines(
    'issuer_unavailable',
    'never',
    'Sent twice; settled by reversal, not by trying again',
    '重複した取引です（取消で処理し、再試行はしません）',
  ),
  '96': DOWN,
  '1A': declines('card_declined', 'challenge', 'Strong authentication is required', '本人認証が必要です'),
  '6P': declines('card_declined', 'fix_card', 'The identity check failed', '本人確認の情報が一致しません'),
  N3: declines('card_declined', 'another_card', 'Cash service not available', '現金サービスは利用できません'),
  N4: LIMIT,
  N7: CSC,
  R0: STOPPED,
  R1: STOPPED,
  R3: STOPPED,
};

/** What a response code means; one that is not in the table counts as a plain decline. Not for approvals. */
export function classify(code: string): ResponseCode {
  return Object.hasOwn(RESPONSE_CODES, code) ? (RESPONSE_CODES[code] ?? GENERIC) : GENERIC;
}
