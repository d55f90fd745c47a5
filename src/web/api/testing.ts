import { presentPayment } from '../../payments/present.ts';
import { settleForTest } from '../../payments/settle-for-test.ts';
import { advanceClock } from '../../payments/test-clock.ts';
import { parse } from './parse.ts';
import type { ApiRoute } from './route.ts';
import { ClockBody, EmptyBody } from './schemas.ts';

const tag = 'test mode';
const key = 'secret';

export const testRoutes: ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/test/clock',
    operationId: 'advanceTestClock',
    summary: "Move the merchant's test clock forward: expiry, deadlines, notification retries",
    tag,
    key,
    permission: 'developer.write',
    testOnly: true,
    work: 'op',
    body: 'ClockBody',
    answers: [{ status: 200, description: "The merchant's new time", schema: 'ClockReading' }],
    problems: [],
    run: async (deps, { merchant, body }) => {
      const { advance_seconds: seconds } = parse(ClockBody, body);
      const now = await advanceClock(deps, merchant, seconds);
      return { status: 200, body: { now: now.toISOString() } };
    },
  },
  settling('pay', 'Settle a number or bank payment as paid'),
  settling('expire', 'Let a number or bank payment expire'),
];

function settling(verb: 'pay' | 'expire', summary: string): ApiRoute {
  return {
    method: 'post',
    path: `/v1/test/payments/{id}/${verb}`,
    operationId: `${verb}TestPayment`,
    summary,
    tag,
    key,
    permission: 'developer.write',
    testOnly: true,
    work: 'op',
    body: 'EmptyBody',
    answers: [{ status: 200, description: 'The payment', schema: 'Payment' }],
    problems: ['not_found', 'not_supported', 'invalid_state'],
    run: async (deps, { merchant, id, body }) => {
      parse(EmptyBody, body);
      const snapshot = await settleForTest(deps, merchant, { paymentId: id, verb });
      return { status: 200, body: presentPayment(deps, snapshot) };
    },
  };
}
