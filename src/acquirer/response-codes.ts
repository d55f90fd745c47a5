import {
  CODE_CLASSES,
  type CodeClass,
  type CodeMeaning,
  means,
  RETRY_ADVICE,
  type Words,
} from './code-classes.ts';
import { JAPAN_CODES } from './japan-codes.ts';

/**
 * What a decline means, from DE39 and the Japanese code beside it: the public categories of the card schemes.
 * docs/response-codes.md is made of these tables. Publishers differ on rare codes.
 */
export interface Decline extends CodeClass {
  /** The one that said most. */
  code: string;
  reason: Words;
  remedy: Words;
}

/** The Japanese code decides where it is one that we know; a DE39 that is not in the table is a plain decline. */
export function classify(responseCode: string, japanCode: string | null = null): Decline {
  const japan = japanCode === null ? null : meaningIn(JAPAN_CODES, japanCode);
  const { class: name, reason } = japan ?? meaningIn(RESPONSE_CODES, responseCode) ?? GENERIC;
  const meant = CODE_CLASSES[name];
  const code = japan === null ? responseCode : (japanCode ?? responseCode);
  return { ...meant, code, reason, remedy: RETRY_ADVICE[meant.advice] };
}

function meaningIn(table: Readonly<Record<string, CodeMeaning>>, code: string): CodeMeaning | null {
  return Object.hasOwn(table, code) ? (table[code] ?? null) : null;
}

const GENERIC = means(
  'generic',
  'The issuer declined without a reason',
  'カード会社が承認しませんでした（理由の通知なし）',
);
const CONTACT = means('contact', 'The issuer wants to be asked', 'カード会社への確認が必要です');
const PICK_UP = means(
  'stop',
  'Reported lost or stolen, or withdrawn; do not tell the shopper',
  '紛失・盗難の届出または無効のカードです（購入者には伝えないでください）',
);
const LIMIT = means(
  'limit',
  'Over a limit of amount or of uses',
  '利用限度額または利用回数の上限を超えています',
);
const PIN = means(
  'pin',
  'A PIN was wrong or is required; not possible online',
  '暗証番号の誤り、または暗証番号が必要な取引です（オンラインでは不可）',
);
const CSC = means('csc', 'The security code is wrong', 'セキュリティコードが一致しません');
const STOPPED = means(
  'stop',
  'The cardholder has stopped these payments',
  '会員が支払いの停止を申し出ています',
);
const DOWN = means(
  'issuer_down',
  'The issuer or the network could not process it',
  'カード会社またはネットワークが処理できませんでした',
);
const ORIGINAL = means(
  'request',
  'The network does not know the original transaction, or it was reversed',
  '元の取引が見つからないか、すでに取り消されています',
);

/** By DE39 as it stands on the wire. */
export const RESPONSE_CODES: Readonly<Record<string, CodeMeaning>> = {
  '01': CONTACT,
  '02': CONTACT,
  '03': means('request', 'The merchant is not known', '加盟店登録に問題があります'),
  '04': PICK_UP,
  '05': GENERIC,
  '07': PICK_UP,
  '10': means('generic', 'Approved in part only; reversed', '一部のみの承認のため取り消しました'),
  '12': means('stop', 'Not a valid transaction', '無効な取引です'),
  '13': means('request', 'The amount is not valid', '金額が正しくありません'),
  '14': means('number', 'There is no such card', 'カード番号が正しくありません'),
  '15': means('no_issuer', 'There is no such issuer', '該当するカード会社がありません'),
  '19': means('resend', 'The issuer asks to send it again', 'カード会社が再送を求めています'),
  '25': ORIGINAL,
  '30': means('request', 'The message was refused as malformed', '電文の形式に誤りがあります'),
  '41': PICK_UP,
  '43': PICK_UP,
  '46': means('stop', 'The account is closed', '解約済みの口座です'),
  '51': means('funds', 'Not enough funds', '残高または利用可能額が足りません'),
  '54': means('expiry', 'The card has expired', '有効期限が切れているか、誤っています'),
  '55': PIN,
  '57': means('stop', 'Not permitted to this cardholder', 'この会員には認められていない取引です'),
  '58': means('request', 'Not permitted to this terminal', 'この加盟店・端末には認められていない取引です'),
  '59': means(
    'suspicion',
    'Suspected fraud; do not tell the shopper',
    '不正利用の疑いがあります（購入者には伝えないでください）',
  ),
  '61': LIMIT,
  '62': means('generic', 'The card is restricted', '利用が制限されているカードです'),
  '63': means('generic', 'A security check failed', 'セキュリティ確認で承認されませんでした'),
  '65': LIMIT,
  '70': means('card_data', 'The data about the card is not right', 'カードに関する情報が正しくありません'),
  '75': PIN,
  '78': means(
    'contact',
    'Blocked until its first use is unlocked',
    '初回利用の手続きが済んでいないカードです',
  ),
  '79': ORIGINAL,
  '82': CSC,
  '85': means(
    'generic',
    'No reason to decline: the answer to a card check, not to a sale',
    '否認理由なし（カード有効性確認への応答）',
  ),
  '86': PIN,
  '91': DOWN,
  '92': DOWN,
  '93': means('stop', 'Not allowed by law', '法令により認められない取引です'),
  '94': means(
    'duplicate',
    'Sent twice; settled by reversal, not by trying again',
    '重複した取引です（取消で処理し、再試行はしません）',
  ),
  '96': DOWN,
  '1A': means('authentication', 'Strong authentication is required', '本人認証が必要です'),
  '6P': means('card_data', 'The identity check failed', '本人確認の情報が一致しません'),
  N3: means('generic', 'Cash service not available', '現金サービスは利用できません'),
  N4: LIMIT,
  N7: CSC,
  R0: STOPPED,
  R1: STOPPED,
  R3: STOPPED,
};
