/**
 * Frames on the acquirer's link (docs/acquirer-link.md, section 1): two bytes of length, big-endian, then
 * one message.
 */
export const MAX_FRAME = 4_096;

/** A length of 0 or above `MAX_FRAME`: the two sides no longer agree where messages begin. */
export class FrameError extends Error {
  constructor(length: number) {
    super(`a frame of ${length} bytes`);
    this.name = 'FrameError';
  }
}

/** One message as the bytes to send. Throws `FrameError` when it is empty or too long. */
export function frame(message: string): Buffer {
  checkLength(message.length);
  const bytes = Buffer.alloc(2 + message.length);
  bytes.writeUInt16BE(message.length);
  bytes.write(message, 2, 'latin1');
  return bytes;
}

/**
 * Takes a stream's chunks as they come, however they are cut, and gives the messages that are whole, in
 * their order. Throws `FrameError` at an impossible length, after the messages that stand before it.
 */
export function openDeframer(): (chunk: Buffer) => Generator<string> {
  let rest: Buffer = Buffer.alloc(0);
  return function* deframe(chunk) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 2) {
      const end = 2 + checkLength(rest.readUInt16BE());
      if (rest.length < end) return;
      const message = rest.toString('latin1', 2, end);
      rest = rest.subarray(end);
      yield message;
    }
  };
}

function checkLength(length: number): number {
  if (length === 0 || length > MAX_FRAME) throw new FrameError(length);
  return length;
}
