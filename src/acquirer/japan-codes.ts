/**
 * The codes of Japan's card centres (CAFIS and CARDNET style; other gateways show them as 42G120000), as DE44 carries
 * them beside DE39. G: the issuer's or the centre's refusal. C: a line or a centre that failed. Public lists contradict
 * each other for rare codes, so the words here keep to what they agree in.
 */
import { type CodeMeaning, means } from './code-classes.ts';

const PREPAID = means(
  'funds',
  'The balance of the debit or prepaid card is too low',
  'デビットカード・プリペイドカードの残高が足りません',
);
const LIMIT = means('limit', 'Over the limit of the card', '利用限度額を超えています');
const REPORTED = means(
  'stop',
  'Reported, invalid or to be retained; do not tell the shopper',
  '事故・無効・取込対象のカードです（購入者には伝えないでください）',
);
const REFUSED = means('generic', 'Refused by the card company', 'カード会社が取引を承認しませんでした');
const LINE = means(
  'network_down',
  'The line or the card centre failed',
  '通信回線またはカードセンターの障害です',
);

const paymentType = (en: string, ja: string) =>
  means('payment_type', `The issuer does not take this ${en}`, `${ja}を取り扱えないカードです`);
const wrong = (en: string, ja: string) =>
  means('request', `The request has a wrong ${en}`, `電文の${ja}に誤りがあります`);

const LINE_CODES =
  'C01 C03 C12 C13 C14 C15 C50 C51 C53 C54 C55 C56 C57 C58 C60 C70 C71 C72 C73 C74 C75 C76 C77 C78';

export const JAPAN_CODES: Readonly<Record<string, CodeMeaning>> = {
  G02: PREPAID,
  G03: LIMIT,
  G04: PREPAID,
  G05: LIMIT,
  G06: PREPAID,
  G07: LIMIT,
  G12: means(
    'generic',
    'The card cannot be used: stopped or withdrawn',
    'カード使用不可（利用停止・退会など）',
  ),
  G22: means(
    'stop',
    'Barred for good; do not tell the shopper',
    '支払永久禁止（購入者には伝えないでください）',
  ),
  G30: means('contact', 'On hold: the issuer decides', '取引判断保留（カード会社の判断が必要です）'),
  G42: means('pin', 'The PIN is wrong; not possible online', '暗証番号の誤りです（オンラインでは不可）'),
  G44: means('csc', 'The security code is wrong', 'セキュリティコードが一致しません'),
  G45: means('csc', 'The security code is missing', 'セキュリティコードが入力されていません'),
  G54: means('limit', 'Used too often today', '1日の利用回数の上限を超えています'),
  G55: LIMIT,
  G56: REPORTED,
  G60: REPORTED,
  G61: REPORTED,
  G65: means('number', 'The card number is wrong', '会員番号に誤りがあります'),
  G67: wrong('product code', '商品コード'),
  G68: wrong('amount', '金額'),
  G69: wrong('tax or shipping amount', '税送料'),
  G70: paymentType('number of bonus payments', 'このボーナス回数'),
  G71: paymentType('bonus month', 'このボーナス月'),
  G72: paymentType('bonus amount', 'このボーナス額'),
  G73: paymentType('first month', 'この支払開始月'),
  G74: paymentType('number of instalments', 'この分割回数'),
  G75: paymentType('amount of an instalment', 'この分割金額'),
  G76: paymentType('first amount', 'この初回金額'),
  G77: wrong('business type', '業務区分'),
  G78: paymentType('payment type', 'この支払区分'),
  G79: wrong('inquiry type', '照会区分'),
  G80: wrong('cancellation type', '取消区分'),
  G81: wrong('handling of a cancellation', '取消取扱区分'),
  G83: means('expiry', 'The expiry date is wrong or past', '有効期限に誤りがあるか、期限切れです'),
  G85: means('generic', 'The account cannot be used for debit', '口座がデビットの対象外です'),
  G92: means('issuer_down', 'The issuer is not operating', 'カード会社の業務が停止しています'),
  G94: means('request', 'There is nothing to cancel', '取消対象の取引がありません'),
  G95: REFUSED,
  G96: REFUSED,
  G97: REFUSED,
  G98: REFUSED,
  G99: REFUSED,
  ...Object.fromEntries(LINE_CODES.split(' ').map((code) => [code, LINE])),
};
