import { connect, type Socket } from 'node:net';

/** The client's end of the acquirer link, bare: frames by hand, fields by hand. Written for these tests alone. */
export interface Answer {
  mti: string;
  code: string;
  approval: string | null;
  /** DE44. */
  japanCode: string | null;
  stan: string;
  rrn: string | null;
}

export interface Client {
  /** Sends and waits for the next answer with this STAN; null where none comes in `waitMs` or the link closes. */
  ask(mti: string, fields: Record<number, string>, waitMs?: number): Promise<Answer | null>;
  /** All answers met, in their order. */
  readonly met: Answer[];
  readonly closed: Promise<void>;
  write(bytes: Buffer): void;
  close(): void;
}

const WIDTH: Record<number, number> = {
  3: 6,
  4: 12,
  7: 10,
  11: 6,
  32: -2,
  37: 12,
  38: 6,
  39: 2,
  41: 8,
  42: 15,
  44: -2,
  70: 3,
};
const VARIABLE: Record<number, number> = { 2: 2, 32: 2, 48: 3, 63: 3 };

export async function openClient(port: number): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const met: Answer[] = [];
  const waiting = new Map<string, (answer: Answer | null) => void>();
  readFrames(socket, (text) => {
    const answer = decode(text);
    met.push(answer);
    waiting.get(answer.stan)?.(answer);
  });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      for (const settle of waiting.values()) settle(null);
      resolve();
    });
  });
  return {
    ask: (mti, fields, waitMs = 2_000) => {
      const answer = new Promise<Answer | null>((resolve) => {
        const timer = setTimeout(resolve, waitMs, null);
        waiting.set(fields[11] ?? '', (value) => {
          clearTimeout(timer);
          resolve(value);
        });
      });
      socket.write(frame(encode(mti, fields)));
      return answer;
    },
    met,
    closed,
    write: (bytes) => socket.write(bytes),
    close: () => socket.destroy(),
  };
}

export async function signedOn(port: number, terminal = 'T0000001'): Promise<Client> {
  const client = await openClient(port);
  await client.ask('0800', { 7: transmitted(), 11: '999999', 32: '900001', 41: terminal, 70: '001' });
  return client;
}

let counter = 0;

/** The fields of a sale or authorisation; every call has a STAN and RRN of its own. */
export function opening(
  pan: string,
  change: Record<number, string> = {},
  orderId = 'order-1',
): Record<number, string> {
  counter += 1;
  const id = String(counter).padStart(6, '0');
  return {
    ...common(pan, id),
    22: '812',
    43: 'TEST SHOP'.padEnd(40),
    48: tlv({ '01': orderId, '02': '05', '06': pan.length === 15 ? '1234' : '123' }),
    63: '10',
    ...change,
  };
}

/** The fields of a capture, refund (`3: '200000'`), void or reversal of what `original` opened. */
export function following(
  mti: string,
  original: Record<number, string>,
  change: Record<number, string> = {},
): Record<number, string> {
  counter += 1;
  const id = String(counter).padStart(6, '0');
  const orderId = /^01(\d{3})(.*)$/.exec(original[48] ?? '');
  return {
    ...common(original[2] ?? '', id),
    4: original[4] ?? '',
    48: tlv({ '01': (orderId?.[2] ?? '').slice(0, Number(orderId?.[1])) }),
    90: `${mti}${original[11]}${original[7]}00000900001${'0'.repeat(11)}`,
    ...change,
  };
}

export function reversal(
  mti: string,
  original: Record<number, string>,
  reason = '68',
): Record<number, string> {
  return following(mti, original, { 37: original[37] ?? '', 39: reason });
}

export function frame(text: string): Buffer {
  const bytes = Buffer.alloc(2 + text.length);
  bytes.writeUInt16BE(text.length);
  bytes.write(text, 2, 'latin1');
  return bytes;
}

export function tlv(elements: Record<string, string>): string {
  return Object.entries(elements)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([tag, value]) => `${tag}${String(value.length).padStart(3, '0')}${value}`)
    .join('');
}

function transmitted(): string {
  return new Date().toISOString().replace(/\D/g, '').slice(4, 14);
}

function common(pan: string, id: string): Record<number, string> {
  const japan = new Date(Date.now() + 9 * 3_600_000).toISOString().replace(/\D/g, '');
  return {
    2: pan,
    3: '000000',
    4: '000000012800',
    7: transmitted(),
    11: id,
    12: japan.slice(8, 14),
    13: japan.slice(4, 8),
    14: '3912',
    18: '5942',
    19: '392',
    25: '59',
    32: '900001',
    37: `R${id.padStart(11, '0')}`,
    41: 'T0000001',
    42: 'A100000001'.padEnd(15),
    49: '392',
  };
}

function encode(mti: string, fields: Record<number, string>): string {
  const numbers = Object.keys(fields)
    .map(Number)
    .sort((a, b) => a - b);
  const wide = numbers.some((number) => number > 64);
  const all = new Set(wide ? [1, ...numbers] : numbers);
  const bits = Array.from({ length: wide ? 128 : 64 }, (_, index) => (all.has(index + 1) ? '1' : '0')).join(
    '',
  );
  const bitmap = (bits.match(/.{4}/g) ?? [])
    .map((four) => Number.parseInt(four, 2).toString(16))
    .join('')
    .toUpperCase();
  const values = numbers.map((number) => {
    const value = fields[number] ?? '';
    const prefix = VARIABLE[number];
    return prefix === undefined ? value : String(value.length).padStart(prefix, '0') + value;
  });
  return mti + bitmap + values.join('');
}

function decode(text: string): Answer {
  const wide = Number.parseInt(text.charAt(4), 16) >= 8;
  let at = wide ? 36 : 20;
  const bits = Array.from(text.slice(4, at), (digit) =>
    Number.parseInt(digit, 16).toString(2).padStart(4, '0'),
  ).join('');
  const values = new Map<number, string>();
  for (let number = 2; number <= bits.length; number += 1) {
    if (bits.charAt(number - 1) !== '1') continue;
    const width = WIDTH[number];
    if (width === undefined) throw new Error(`an answer with DE${number}`);
    const size = width > 0 ? width : Number(text.slice(at, at + -width));
    if (width < 0) at -= width;
    values.set(number, text.slice(at, at + size));
    at += size;
  }
  if (at !== text.length) throw new Error('an answer that does not add up');
  return {
    mti: text.slice(0, 4),
    code: values.get(39) ?? '',
    approval: values.get(38) ?? null,
    japanCode: values.get(44) ?? null,
    stan: values.get(11) ?? '',
    rrn: values.get(37) ?? null,
  };
}

function readFrames(socket: Socket, take: (text: string) => void): void {
  let buffered = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    buffered = Buffer.concat([buffered, bytes]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      take(buffered.toString('latin1', 2, end));
      buffered = buffered.subarray(end);
    }
  });
}
