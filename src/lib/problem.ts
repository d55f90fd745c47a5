/** Every error a caller can meet: one row a code. The same table feeds the API, the OpenAPI document and the docs. */
export const PROBLEMS = {
  malformed_json: { status: 400, title: 'The body is not JSON', retryable: false },
  unauthorized: { status: 401, title: 'No valid API key', retryable: false },
  key_not_allowed: { status: 403, title: 'This key may not do that', retryable: false },
  not_found: { status: 404, title: 'There is no such object', retryable: false },
  method_not_allowed: { status: 405, title: 'This address does not take this method', retryable: false },
  session_in_progress: { status: 409, title: 'The shopper is paying right now', retryable: true },
  session_ended: { status: 409, title: 'The session has ended', retryable: false },
  order_in_progress: { status: 409, title: 'The order is being paid', retryable: true },
  order_already_paid: { status: 409, title: 'The order is paid', retryable: false },
  payment_request_exists: {
    status: 409,
    title: 'The order has a payment request already',
    retryable: false,
  },
  invalid_state: { status: 409, title: 'Not possible in this state', retryable: false },
  operation_in_progress: { status: 409, title: 'Another operation is running', retryable: true },
  not_supported: { status: 409, title: 'Not possible for this method', retryable: false },
  number_not_withdrawable: { status: 409, title: 'The number can no longer be withdrawn', retryable: false },
  token_used: { status: 409, title: 'The token was used', retryable: false },
  token_expired: { status: 409, title: 'The token has expired', retryable: false },
  saved_card_expired: { status: 409, title: 'The saved card has expired', retryable: false },
  charge_not_agreed: { status: 409, title: 'The cardholder did not agree to charges', retryable: false },
  idempotency_in_progress: { status: 409, title: 'The first request is still running', retryable: true },
  charge_declined: { status: 402, title: 'The network declined the charge', retryable: false },
  capture_declined: { status: 402, title: 'The network declined the capture', retryable: false },
  void_declined: { status: 402, title: 'The network declined the cancellation', retryable: false },
  refund_declined: { status: 402, title: 'The network declined the refund', retryable: false },
  too_large: { status: 413, title: 'The body is too large', retryable: false },
  unsupported_media_type: { status: 415, title: 'The body must be JSON', retryable: false },
  validation_failed: { status: 422, title: 'The request is not valid', retryable: false },
  amount_too_large: { status: 422, title: 'The amount is more than what is left', retryable: false },
  idempotency_key_reused: { status: 422, title: 'This key belongs to another request', retryable: false },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  internal: { status: 500, title: 'Something went wrong on our side', retryable: true },
  service_unavailable: { status: 503, title: 'The service is not ready', retryable: true },
} as const satisfies Record<string, { status: number; title: string; retryable: boolean }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One fault of a request: where (JSON Pointer as a URI fragment, RFC 6901), what, and what to do. */
export interface Fault {
  pointer: string;
  code: string;
  detail: string;
}

/**
 * The caller's fault, thrown by a verb and turned into HTTP in one place. `detail` is a public sentence that says
 * what to do; `extra` are further public members (`session_id`, `payment_status`, `decline_code`).
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly extra: Record<string, unknown>;
  readonly faults: Fault[] | undefined;

  constructor(code: ProblemCode, detail: string, extra: Record<string, unknown> = {}, faults?: Fault[]) {
    super(`${code}: ${detail}`);
    this.name = 'Problem';
    this.code = code;
    this.detail = detail;
    this.extra = extra;
    this.faults = faults;
  }
}
