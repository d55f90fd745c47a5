import { describe, expect, test } from 'vitest';
import { ACTIONS, type AuditAction } from '../../src/audit/actions.ts';
import { API_ROUTES } from '../../src/web/api/routes.ts';
import { CONSOLE_ROUTES } from '../../src/web/console/routes.ts';
import { sourceFiles } from './source.ts';

/**
 * Every route of API and console is recorded in the audit log, or is not for a reason that stands here. A route that is
 * missing fails: say which action it leaves (src/audit/actions.ts, docs/audit.md), or why it leaves none.
 */
type Kept = AuditAction | { not: string };

const SHOPPING = { not: 'opens what a shopper does: the session tells it' };
const READ = { not: 'read by a program all day; the making and use of its key are kept' };
const NOBODY = { not: 'shows nothing of a person' };
const ASKS = { not: 'asks before it is done; shows an order and an amount' };
const OWN = { not: 'shows what is the merchant’s own' };
const WRITTEN = { not: 'shows what the merchant itself wrote to whom' };
const SIGNAL = { not: 'sends a test signal to the merchant’s own address' };

const API: Record<string, Kept> = {
  createSession: SHOPPING,
  listSessions: READ,
  getSession: READ,
  cancelSession: 'session.canceled',
  expireSession: 'session.expired',
  createPayment: SHOPPING,
  listPayments: READ,
  getPayment: READ,
  capturePayment: 'payment.capture',
  cancelPayment: 'payment.cancel',
  createRefund: 'payment.refund',
  listRefunds: READ,
  listActionItems: READ,
  getActionItem: READ,
  resolveActionItem: 'action_item.resolved',
  createToken: { not: 'made by a shopper’s browser' },
  listSavedCards: READ,
  getSavedCard: READ,
  deleteSavedCard: 'saved_card.deleted',
  chargeSavedCard: 'payment.charge',
  createPaymentRequest: 'request.created',
  createPaymentRequestBatch: 'request.imported',
  getPaymentRequestBatch: READ,
  listPaymentRequests: READ,
  getPaymentRequest: READ,
  sendPaymentRequest: 'request.sent',
  remindPaymentRequest: 'request.sent',
  cancelPaymentRequest: 'request.canceled',
  createPaymentLink: 'link.created',
  listPaymentLinks: READ,
  getPaymentLink: READ,
  changePaymentLink: 'link.changed',
  activatePaymentLink: 'link.changed',
  deactivatePaymentLink: 'link.changed',
  createWebhookEndpoint: 'endpoint.created',
  listWebhookEndpoints: READ,
  deleteWebhookEndpoint: 'endpoint.deleted',
  pingWebhookEndpoint: SIGNAL,
  listEvents: READ,
  getEvent: READ,
  resendEvent: 'event.resent',
  listDeliveries: READ,
  advanceTestClock: 'test.clock_moved',
  payTestPayment: 'test.payment_settled',
  expireTestPayment: 'test.payment_settled',
};

const CONSOLE: Record<string, Kept> = {
  'get /console': NOBODY,
  'get /console/payments': { not: 'names are masked' },
  'get /console/payments/export': 'payment.exported',
  'get /console/payments/:id': 'payment.seen',
  'post /console/payments/:id/items/:item': 'action_item.resolved',
  'get /console/payments/:id/capture': ASKS,
  'post /console/payments/:id/capture': 'payment.capture',
  'get /console/payments/:id/cancel': ASKS,
  'post /console/payments/:id/cancel': 'payment.cancel',
  'get /console/payments/:id/refund': ASKS,
  'post /console/payments/:id/refund': 'payment.refund',
  'post /console/mode': { not: 'changes what is looked at; each entry has its mode' },
  'post /console/logout': 'login.ended',
  'get /console/design': OWN,
  'post /console/design': 'settings.changed',
  'get /console/design/preview': OWN,
  'post /console/design/preview': OWN,
  'get /console/developers': OWN,
  'post /console/developers/keys': 'key.created',
  'get /console/developers/keys/:id/rotate': OWN,
  'post /console/developers/keys/:id/rotate': 'key.rotated',
  'get /console/developers/keys/:id/revoke': OWN,
  'post /console/developers/keys/:id/revoke': 'key.revoked',
  'get /console/developers/secrets/:kind/rotate': OWN,
  'post /console/developers/secrets/:kind/rotate': 'secret.created',
  'get /console/developers/secrets/:id/end': OWN,
  'post /console/developers/secrets/:id/end': 'secret.ended',
  'get /console/developers/endpoints': OWN,
  'post /console/developers/endpoints': 'endpoint.created',
  'get /console/developers/endpoints/:id': OWN,
  'post /console/developers/endpoints/:id/ping': SIGNAL,
  'post /console/developers/endpoints/:id/enable': 'endpoint.enabled',
  'get /console/developers/endpoints/:id/delete': OWN,
  'post /console/developers/endpoints/:id/delete': 'endpoint.deleted',
  'get /console/developers/endpoints/:id/conformance': OWN,
  'post /console/developers/endpoints/:id/conformance': SIGNAL,
  'get /console/developers/deliveries': OWN,
  'get /console/developers/deliveries/:id': { not: 'an event holds no name or address of a shopper' },
  'post /console/developers/deliveries/:id/resend': 'event.resent',
  'get /console/developers/events': OWN,
  'get /console/developers/events/:id': { not: 'an event holds no name or address of a shopper' },
  'post /console/developers/events/:id/resend': 'event.resent',
  'get /console/developers/debugger': OWN,
  'get /console/developers/start': OWN,
  'get /console/developers/testing': OWN,
  'post /console/developers/testing/clock': 'test.clock_moved',
  'post /console/developers/testing/settle': 'test.payment_settled',
  'get /console/links': OWN,
  'get /console/links/new': OWN,
  'post /console/links/preview': OWN,
  'post /console/links': 'link.created',
  'get /console/links/:id': OWN,
  'get /console/links/:id/poster': OWN,
  'get /console/links/:id/edit': OWN,
  'post /console/links/:id': 'link.changed',
  'post /console/links/:id/status': 'link.changed',
  'get /console/requests': WRITTEN,
  'get /console/requests/new': OWN,
  'post /console/requests/new': 'request.created',
  'post /console/requests/preview/mail': OWN,
  'get /console/requests/:id/mail': WRITTEN,
  'post /console/requests/preview/page': OWN,
  'get /console/requests/:id/page': WRITTEN,
  'get /console/requests/file': OWN,
  'get /console/requests/file/sample': OWN,
  'post /console/requests/file': { not: 'reads a file and says what is wrong with it: nothing is sent' },
  'get /console/requests/file/:id': WRITTEN,
  'post /console/requests/file/:id': 'request.imported',
  'get /console/requests/templates': OWN,
  'get /console/requests/templates/new': OWN,
  'post /console/requests/templates/new': 'template.changed',
  'post /console/requests/templates/preview': OWN,
  'get /console/requests/templates/:id': OWN,
  'post /console/requests/templates/:id': 'template.changed',
  'post /console/requests/templates/:id/remove': 'template.changed',
  'get /console/requests/:id': 'request.seen',
  'get /console/requests/:id/edit': 'request.seen',
  'post /console/requests/:id/edit': 'request.changed',
  'get /console/requests/:id/send': ASKS,
  'post /console/requests/:id/send': 'request.sent',
  'get /console/requests/:id/remind': ASKS,
  'post /console/requests/:id/remind': 'request.sent',
  'get /console/requests/:id/cancel': ASKS,
  'post /console/requests/:id/cancel': 'request.canceled',
  'get /console/users': OWN,
  'get /console/users/new': OWN,
  'post /console/users': 'user.invited',
  'get /console/users/:id': OWN,
  'post /console/users/:id/role': 'user.changed',
  'post /console/users/:id/disable': 'user.disabled',
  'post /console/users/:id/enable': 'user.enabled',
  'post /console/users/:id/invitation': 'user.invited',
  'post /console/users/:id/factors': 'user.totp_changed',
  'get /console/account': OWN,
  'post /console/account/profile': 'user.changed',
  'get /console/account/confirm': OWN,
  'post /console/account/confirm': 'login.password',
  'post /console/account/sessions/end': 'user.sessions_ended',
  'get /console/account/password': OWN,
  'post /console/account/password': 'user.password_changed',
  'get /console/account/totp': OWN,
  'post /console/account/totp': 'user.totp_changed',
  'get /console/account/passkeys': OWN,
  'post /console/account/passkeys': 'user.passkey_added',
  'post /console/account/passkeys/name': 'user.changed',
  'post /console/account/passkeys/remove': 'user.passkey_removed',
  'post /console/account/recovery': 'user.recovery_codes_made',
  'get /console/audit': 'audit.seen',
  'get /console/audit/export': 'audit.exported',
  'get /console/audit/anchors': 'audit.exported',
};

test('every route of the API is recorded, or is not for a reason', () => {
  expect(API_ROUTES.map(({ operationId }) => operationId).filter((id) => API[id] === undefined)).toEqual([]);
});

test('every route of the console is recorded, or is not for a reason', () => {
  const routes = CONSOLE_ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(routes.filter((route) => CONSOLE[route] === undefined)).toEqual([]);
});

/** The verbs, and what each must leave: one that loses its entry fails here before anything runs. */
const VERBS: Record<string, AuditAction[]> = {
  'src/payments/capture.ts': ['payment.capture'],
  'src/payments/cancel-payment.ts': ['payment.cancel'],
  'src/payments/withdraw-number.ts': ['payment.cancel'],
  'src/payments/refund.ts': ['payment.refund'],
  'src/payments/charge-saved-card.ts': ['payment.charge'],
  'src/payments/saved-cards.ts': ['saved_card.deleted'],
  'src/payments/action-items.ts': ['action_item.resolved'],
  'src/payments/end-session.ts': ['session.canceled', 'session.expired'],
  'src/payments/test-clock.ts': ['test.clock_moved'],
  'src/payments/settle-for-test.ts': ['test.payment_settled'],
  'src/payments/carry-out.ts': ['payment.capture', 'payment.cancel', 'payment.refund'],
  'src/notify/endpoints.ts': ['endpoint.created', 'endpoint.enabled', 'endpoint.deleted', 'event.resent'],
  'src/merchants/keys.ts': ['key.created'],
  'src/merchants/secrets.ts': ['secret.created'],
  'src/merchants/settings.ts': ['settings.changed'],
  'src/merchants/manage-keys.ts': ['key.created', 'key.rotated', 'key.revoked'],
  'src/merchants/manage-secrets.ts': ['secret.created', 'secret.ended'],
  'src/roles/run-merchant.ts': ['merchant.created'],
  'src/books/export-payments.ts': ['payment.exported'],
  'src/audit/export.ts': ['audit.exported'],
  'src/audit/denied.ts': ['access.denied'],
};

const source = sourceFiles('src').filter(({ path }) => !/^src\/(i18n|audit\/actions)/.test(path));

describe('the verbs', () => {
  test.each(Object.entries(VERBS))('%s', (path, actions) => {
    const file = source.find((each) => each.path === path);
    expect(file?.text).toMatch(/\bawait (record|note)\(/);
    expect(actions.filter((action) => !file?.text.includes(`'${action}'`))).toEqual([]);
  });

  test('every action that a route is to leave is left by somebody', () => {
    const named = [...Object.values(API), ...Object.values(CONSOLE)].filter(
      (kept) => typeof kept === 'string',
    );
    const missing = named.filter((action) => !source.some(({ text }) => text.includes(`'${action}'`)));
    expect(missing).toEqual([]);
    expect(named.filter((action) => !ACTIONS.includes(action))).toEqual([]);
  });
});
