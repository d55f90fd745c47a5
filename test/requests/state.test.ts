import { expect, test } from 'vitest';
import { next, REQUEST_EVENTS, REQUEST_STATUSES } from '../../src/requests/state.ts';

/** What follows what; `-`: nothing changes. */
const TABLE = `
            amended    queued     mailed     undelivered visited    paid       lapsed     canceled
draft       draft      scheduled  -          -           opened     paid       expired    canceled
scheduled   -          scheduled  sent       bounced     opened     paid       expired    canceled
sent        -          sent       sent       bounced     opened     paid       expired    canceled
bounced     -          scheduled  sent       bounced     opened     paid       expired    canceled
opened      -          opened     opened     opened      opened     paid       expired    canceled
paid        -          -          -          -           -          -          -          -
expired     -          -          -          -           -          paid       -          -
canceled    -          -          -          -           -          paid       -          -
`;

test('every status and event leads where the table says', () => {
  const [head = [], ...rows] = TABLE.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  expect([...head].sort()).toEqual([...REQUEST_EVENTS].sort());
  expect(rows.map(([status]) => status)).toEqual([...REQUEST_STATUSES]);
  const told = Object.fromEntries(rows.map(([status = '', ...after]) => [status, after]));
  const found = Object.fromEntries(
    REQUEST_STATUSES.map((status) => [status, head.map((event) => next(status, event as never) ?? '-')]),
  );
  expect(found).toEqual(told);
});
