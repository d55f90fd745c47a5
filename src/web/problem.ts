import type { Deps } from '../deps.ts';
import { describeError } from '../lib/log.ts';
import { type Fault, PROBLEMS, Problem, type ProblemCode } from '../lib/problem.ts';

/**
 * Errors as HTTP answers: problem details, RFC 9457, with the members of the contract's section 2. The one place
 * where an error becomes an answer for a program; pages have words of their own.
 */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  request_id: string;
  retryable: boolean;
  charge_may_exist: boolean;
  errors?: Fault[];
}

/** Codes after which money may have moved, or be moving: look at the order before you try again. */
const CHARGE_MAY_EXIST: readonly ProblemCode[] = [
  'session_in_progress',
  'session_ended',
  'order_in_progress',
  'order_already_paid',
  'operation_in_progress',
  'idempotency_in_progress',
  'token_used',
  'internal',
];

/** Every code, in the order of the table. */
export function problemCodes(): ProblemCode[] {
  return Object.keys(PROBLEMS).filter((code): code is ProblemCode => code in PROBLEMS);
}

export function chargeMayExist(code: ProblemCode): boolean {
  return CHARGE_MAY_EXIST.includes(code);
}

/** The address of a code's explanation: the `type` of its problems. */
export function problemType(publicUrl: string, code: ProblemCode): string {
  return `${publicUrl}/docs#${code}`;
}

/**
 * The answer to an error. Of an error that is no `Problem` the caller learns the request id only; the log gets what
 * may be said of it.
 */
export function problemResponse(
  deps: Pick<Deps, 'config' | 'log'>,
  error: unknown,
  requestId: string,
  headers: Record<string, string> = {},
): Response {
  const problem = error instanceof Problem ? error : unexpected(deps, error, requestId);
  const body = problemBody(deps.config.publicUrl, problem, requestId);
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: {
      'Content-Type': 'application/problem+json',
      'Cache-Control': 'no-store',
      ...headersOf(problem),
      ...headers,
      'Request-Id': requestId,
    },
  });
}

export function problemBody(publicUrl: string, problem: Problem, requestId: string): ProblemBody {
  const { status, title, retryable } = PROBLEMS[problem.code];
  return {
    type: problemType(publicUrl, problem.code),
    title,
    status,
    detail: problem.detail,
    code: problem.code,
    request_id: requestId,
    retryable,
    charge_may_exist: chargeMayExist(problem.code),
    ...problem.extra,
    ...(problem.faults === undefined ? {} : { errors: problem.faults }),
  };
}

/** Logs what nobody expected and makes it an `internal` that says nothing but the request's id. */
export function unexpected(deps: Pick<Deps, 'log'>, error: unknown, requestId: string): Problem {
  deps.log.error({ request_id: requestId, ...describeError(error) }, 'request failed');
  return new Problem('internal', `Tell us ${requestId} and we shall find out what happened.`);
}

function headersOf(problem: Problem): Record<string, string> {
  if (problem.code === 'unauthorized') return { 'WWW-Authenticate': 'Bearer realm="payresort"' };
  if (problem.code === 'rate_limited') return { 'Retry-After': String(problem.extra.retry_after ?? 1) };
  return {};
}
