import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameError, frame, MAX_FRAME, openDeframer } from '../../src/acquirer/framing.ts';

test('frames are put together from any pieces', () => {
  const anyMessages = fc.array(fc.string({ unit: fc.constantFrom(...'0A z'), minLength: 1, maxLength: 40 }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      anyMessages,
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (messages, sizes) => {
        const bytes = Buffer.concat(messages.map(frame));
        const deframe = openDeframer();
        const read: string[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          read.push(...deframe(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(read).toEqual(messages);
      },
    ),
  );
});

test('the longest message there may be passes, a longer one and an empty one are not sent', () => {
  const longest = 'x'.repeat(MAX_FRAME);
  expect([...openDeframer()(frame(longest))]).toEqual([longest]);
  expect(() => frame(`${longest}x`)).toThrow(FrameError);
  expect(() => frame('')).toThrow(FrameError);
});

test.each([0, MAX_FRAME + 1, 65_535])(
  'a length of %i is refused, after what stands before it was read',
  (length) => {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(length);
    const read: string[] = [];
    expect(() => {
      for (const message of openDeframer()(Buffer.concat([frame('good'), head]))) read.push(message);
    }).toThrow(FrameError);
    expect(read).toEqual(['good']);
  },
);
