import type postgres from 'postgres';

export interface Seed {
  merchantId: string;
  mode: 'test' | 'live';
  count: number;
  /** When the newest was begun, and over how many days before it they spread. */
  until: Date;
  days: number;
}

/**
 * Payments of every kind, put there by SQL as years of business would have: the same ones for the same numbers, since
 * all chance in them is a hash of their ordinal.
 */
export async function seedPayments(sql: postgres.Sql, seed: Seed): Promise<void> {
  const { merchantId, mode, count, until, days } = seed;
  const step = (days * 86_400_000) / count;
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`set local statement_timeout = 0`;
    await tx.unsafe(`create temp table seed on commit drop as
      select i, at, id, h, h % 1000 as share, (h / 1000) % 1000 as other,
        100 + (h % 997) * 37 as amount,
        (array[${NAMES.map(([family]) => `'${family}'`)}])[1 + (least(h % 60, (h / 7) % 60) % ${NAMES.length})::int] as family,
        (array[${GIVEN.map(([given]) => `'${given}'`)}])[1 + ((h / 13) % ${GIVEN.length})::int] as given,
        (array[${GIVEN.map(([, latin]) => `'${latin}'`)}])[1 + ((h / 13) % ${GIVEN.length})::int] as latin
      from (select i, at, ${ID} as id, (i * 2654435761) % 4294967296 / 3 as h from (
        select i, '${until.toISOString()}'::timestamptz - (${count} - i) * interval '${step} milliseconds' as at,
          floor(extract(epoch from '${until.toISOString()}'::timestamptz) * 1000 - (${count} - i) * ${step})::bigint as ms
        from generate_series(1::bigint, ${count}::bigint) i) times) drawn`);
    await tx.unsafe(`alter table seed add status text, add method text`);
    await tx.unsafe(`update seed set
      method = case when other < 880 then 'card' when other < 960 then 'konbini' when other < 990 then 'payeasy' else 'netbank' end,
      status = case when share < 850 then 'captured' when share < 900 then 'failed' when share < 930 then 'refunded'
        when share < 945 then 'partially_refunded' when share < 955 then 'voided' when share < 975 then 'expired'
        when share < 985 then 'authorized' when share < 995 then 'awaiting_payment' when share < 999 then 'requires_method'
        else 'processing' end`);
    for (const statement of statements(merchantId, mode)) await tx.unsafe(statement);
  });
}

/** As `newId` makes them: ten characters of time, three of order, the rest a hash. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const digit = (value: string, shift: number) =>
  `substr('${DIGITS}', ((${value} >> ${shift}) & 31)::int + 1, 1)`;
const TIME = [45, 40, 35, 30, 25, 20, 15, 10, 5, 0].map((shift) => digit('ms', shift)).join(' || ');
const ORDER = [10, 5, 0].map((shift) => digit('i', shift)).join(' || ');
const ID = `${TIME} || ${ORDER} || substr(md5(i::text), 1, 26)`;

const PAID = `('captured', 'refunded', 'partially_refunded')`;
const SUCCEEDED = `('captured', 'refunded', 'partially_refunded', 'voided', 'authorized', 'awaiting_payment', 'expired')`;

function statements(merchantId: string, mode: string): string[] {
  const own = `'${merchantId}'`;
  return [
    `insert into sessions (merchant_id, id, mode, token, order_id, amount, currency, methods, capture, return_url,
       return_method, customer, locale, number_expires_days, max_attempts, card, metadata, status, version, sequence,
       expires_at, created_at, ended_at)
     select ${own}, 'cs_' || id, '${mode}', id, 'order-' || lpad(i::text, 7, '0'), amount, 'JPY', '{card}', 'automatic',
       'https://shop.example', 'post', jsonb_build_object('name', family || ' ' || given, 'email',
       latin || i || '@' || (array['example.com', 'mail.example', 'post.example.jp'])[1 + (h % 3)::int]), 'auto', 3, 5,
       '{}', '{}', 'complete', 1, 1, at, at, at from seed`,
    `insert into payments (merchant_id, id, mode, session_id, order_id, status, method, amount, currency, amount_captured,
       amount_refunded, capture, late, duplicate, created_at, authorized_at, captured_at, capture_before, expiry_told_at,
       receipt_token)
     select ${own}, 'pay_' || id, '${mode}', 'cs_' || id, 'order-' || lpad(i::text, 7, '0'), status, method, amount, 'JPY',
       case when status in ${PAID} then amount else 0 end,
       case status when 'refunded' then amount when 'partially_refunded' then amount / 2 else 0 end, 'automatic',
       status = 'captured' and h % 5003 = 0, false, at, at + interval '9 seconds',
       case when status in ${PAID} then at + interval '9 seconds' end,
       case when status = 'authorized' then at + interval '30 days' end,
       case when status = 'authorized' and h % 50 = 0 then at end, id from seed`,
    `insert into attempts (merchant_id, id, session_id, payment_id, ordinal, method, status, phase, failure, failure_detail,
       counts, brand, last4, exp_month, exp_year, cardholder_name, created_at, deadline_at, ended_at)
     select ${own}, 'att_' || id, 'cs_' || id, 'pay_' || id, 1, method,
       case when status in ${SUCCEEDED} then 'succeeded' when status = 'processing' then 'in_progress' else 'failed' end,
       case when status = 'processing' then 'authorizing' end,
       case when status in ('failed', 'requires_method') then (array['card_declined', 'insufficient_funds',
         'authentication_failed', 'expired_card', 'abandoned'])[1 + (h % 5)::int] end, null, true,
       case when method = 'card' then (array['visa', 'mastercard', 'jcb'])[1 + (h % 3)::int] end,
       case when method = 'card' then lpad((h % 10000)::text, 4, '0') end, 12, 2030, null, at, at,
       case when status <> 'processing' then at + interval '9 seconds' end from seed`,
    `insert into authentications (merchant_id, trans_id, attempt_id, session_id, version, trans_status, eci, challenged_at,
       created_at)
     select ${own}, md5('${merchantId}' || id)::uuid, 'att_' || id, 'cs_' || id, '2.2.0', 'Y', '05',
       case when h % 8 = 0 then at end, at from seed where method = 'card'`,
    `insert into operations (merchant_id, id, session_id, payment_id, attempt_id, kind, amount, status, terminal, stan, rrn,
       transmitted_at, sends, response_code, created_at, settled_at)
     select ${own}, 're_' || id, 'cs_' || id, 'pay_' || id, 'att_' || id, 'refund',
       case status when 'refunded' then amount else amount / 2 end, 'succeeded', 'T1', '000001', lpad(i::text, 12, '0'),
       at, 1, '00', at + interval '1 hour', at + interval '1 hour'
     from seed where status in ('refunded', 'partially_refunded')`,
    `insert into events (merchant_id, id, mode, session_id, sequence, type, timestamp, payload)
     select ${own}, 'evt_' || id, '${mode}', 'cs_' || id, 1, case when status = 'voided' then 'payment.canceled'
       when share % 2 = 0 then 'payment.captured' else 'session.completed' end, at, '{}' from seed`,
    `insert into webhook_endpoints (merchant_id, id, mode, url, status, created_at) values
       (${own}, 'we_1', '${mode}', 'https://shop.example/hook', 'enabled', now()),
       (${own}, 'we_2', '${mode}', 'https://shop.example/new', 'enabled', now())`,
    `insert into deliveries (merchant_id, id, mode, event_id, endpoint_id, try, status, response_status, created_at)
     select ${own}, 'del_' || id, '${mode}', 'evt_' || id, 'we_1', 1,
       case when h % 2003 = 0 then 'failed' else 'delivered' end, 200, at from seed`,
    `insert into payment_requests (merchant_id, id, mode, token, order_id, amount, currency, customer_name, email, language,
       status, due_at, remind_days, sends, sent_at, session_id, metadata, created_at)
     select ${own}, 'preq_' || id, '${mode}', id, 'order-' || lpad(i::text, 7, '0'), amount, 'JPY', family || ' ' || given,
       latin || i || '@example.com', 'ja', (array['paid', 'paid', 'paid', 'sent', 'opened', 'expired', 'canceled'])[1 + (h % 7)::int],
       at + interval '7 days', '{}', 1, at, 'cs_' || id, '{}', at from seed where i % 10 = 0`,
    `insert into audit_entries (merchant_id, sequence, at, mode, actor, action, outcome, origin, target, details,
       previous_hash, hash, signature, key_id)
     select ${own}, (select coalesce(max(sequence), 0) from audit_entries where merchant_id = ${own})
         + row_number() over (order by i), at, '${mode}',
       jsonb_build_object('kind', 'user', 'id', 'usr_' || h % 20, 'name', 'hanako', 'role', 'owner'),
       (array['payment.seen', 'payment.refund', 'login.password', 'user.changed'])[1 + (h % 4)::int],
       case when h % 997 = 0 then 'failure' else 'success' end, '192.0.2.1', 'pay_' || id, '{}',
       sha256('before'), sha256(id::bytea), sha512(id::bytea), 'key' from seed where i % 5 = 0`,
  ];
}

/** The first ones are drawn most often. */
const NAMES = [
  ...[
    ['佐藤'],
    ['鈴木'],
    ['髙橋'],
    ['田中'],
    ['伊藤'],
    ['渡邊'],
    ['山本'],
    ['中村'],
    ['小林'],
    ['加藤'],
    ['吉田'],
  ],
  ...[
    ['山田'],
    ['佐々木'],
    ['山口'],
    ['松本'],
    ['井上'],
    ['木村'],
    ['林'],
    ['斎藤'],
    ['清水'],
    ['山崎'],
    ['森'],
  ],
  ...[
    ['阿部'],
    ['池田'],
    ['橋本'],
    ['山下'],
    ['石川'],
    ['中島'],
    ['前田'],
    ['藤田'],
    ['小川'],
    ['後藤'],
    ['岡田'],
  ],
  ...[
    ['長谷川'],
    ['村上'],
    ['近藤'],
    ['石井'],
    ['齊藤'],
    ['坂本'],
    ['遠藤'],
    ['青木'],
    ['藤井'],
    ['西村'],
    ['福田'],
  ],
  ...[
    ['太田'],
    ['三浦'],
    ['藤原'],
    ['岡本'],
    ['松田'],
    ['中川'],
    ['中野'],
    ['原田'],
    ['小野'],
    ['田村'],
    ['竹内'],
  ],
  ...[['金子'], ['和田'], ['中山'], ['勅使河原']],
] as const;
const GIVEN = [
  ...[
    ['太郎', 'taro'],
    ['花子', 'hanako'],
    ['一郎', 'ichiro'],
    ['美咲', 'misaki'],
    ['健太', 'kenta'],
  ],
  ...[
    ['陽菜', 'hina'],
    ['翔', 'sho'],
    ['さくら', 'sakura'],
    ['大輔', 'daisuke'],
    ['ゆうこ', 'yuko'],
  ],
] as const;
