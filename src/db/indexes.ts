import type postgres from 'postgres';

/**
 * Indexes of tables that are large by now: built without locking out writers, which no transaction can, and so no
 * migration. Each stands for itself; what is not there after a crash is built by the next process that migrates.
 */
const INDEXES = {
  // What stands below a session, on the way of every payment.
  payments_session: 'payments (merchant_id, session_id)',
  authentications_session: 'authentications (merchant_id, session_id)',
  operations_session: 'operations (merchant_id, session_id)',
  // Lists of the console: by one status, by one method, by an amount, and what is out of the ordinary.
  payments_status: 'payments (merchant_id, mode, status, id)',
  payments_method: 'payments (merchant_id, mode, method, id)',
  payments_amount: 'payments (merchant_id, mode, amount, id)',
  payments_odd: 'payments (merchant_id, mode, id) where late or duplicate',
  operations_pending: "operations (merchant_id, payment_id) where status = 'pending'",
  // What a day's figures are made of.
  payments_captured:
    'payments (merchant_id, mode, captured_at) include (method, amount_captured) where captured_at is not null',
  operations_refunded:
    "operations (merchant_id, settled_at) include (payment_id, amount) where kind = 'refund' and status = 'succeeded'",
  attempts_ended:
    'attempts (merchant_id, ended_at) include (id, session_id, method, status, failure) where ended_at is not null',
  // What became of an event, what an endpoint was sent, and what does not get through.
  events_type: 'events (merchant_id, mode, type, id)',
  deliveries_event: 'deliveries (merchant_id, event_id)',
  deliveries_endpoint: 'deliveries (merchant_id, endpoint_id, id)',
  deliveries_undelivered: "deliveries (merchant_id, mode, status, id) where status <> 'delivered'",
  // The mails of a request.
  mails_request: 'mails (merchant_id, request_id) where request_id is not null',
} as const;

/** Builds those that are missing, one after the other. The client may not be in a transaction. */
export async function buildIndexes(client: postgres.Sql): Promise<void> {
  const built = await client<{ name: string; valid: boolean }[]>`
    select relname as name, indisvalid as valid from pg_index join pg_class on pg_class.oid = indexrelid
    where relname = any(${Object.keys(INDEXES)}) and relnamespace = current_schema()::regnamespace`;
  for (const [name, on] of Object.entries(INDEXES)) {
    const found = built.find((index) => index.name === name);
    if (found?.valid === true) continue;
    // Left behind by a process that died while it built it.
    if (found !== undefined) await client.unsafe(`drop index concurrently ${name}`);
    const at = on.indexOf(' (');
    await client.unsafe(`create index concurrently ${name} on ${on.slice(0, at)} using btree${on.slice(at)}`);
  }
}
