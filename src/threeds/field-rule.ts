/** What a rule about one element of a message says, and the words to write it with (EMV 3DS 2.2.0, table A.1). */
export const VERSIONS = ['2.1.0', '2.2.0'] as const;
export type Version = (typeof VERSIONS)[number];

export const MESSAGE_TYPES = [
  'AReq',
  'ARes',
  'CReq',
  'CRes',
  'PReq',
  'PRes',
  'RReq',
  'RRes',
  'Erro',
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** 01 payment, 02 not a payment. */
export type Category = '01' | '02';
export type Elements = Record<string, unknown>;
/** Whether an element has to be there, given the others. */
export type Due = (message: Elements, category: Category) => boolean;

export interface FieldRule {
  name: string;
  messages: readonly MessageType[];
  versions: readonly Version[];
  type: 'string' | 'boolean' | 'object' | 'array' | 'phone';
  /** Required, conditional, optional: of a payment in the browser channel. */
  inclusion: 'R' | 'C' | 'O';
  /** Characters of a string, items of an array. */
  min?: number;
  max?: number;
  values?: readonly (string | boolean)[];
  /** Two-digit values 80–99 are left to the Directory Server and pass too. */
  dsValues?: true;
  format?: RegExp;
  /** Must be an http(s) address: a browser or we will go there. */
  url?: true;
  /** Checked against the numbers that EMV 3DS excludes from this ISO register. */
  register?: 'country' | 'currency';
  /** Without it, `R` is always due and `C` and `O` never. */
  due?: Due;
}

type More = Partial<
  Pick<FieldRule, 'versions' | 'values' | 'dsValues' | 'format' | 'url' | 'register' | 'due'>
>;
type Inclusion = FieldRule['inclusion'];

/** The messages a family's rules speak of are given once; each row then says only what is its own. */
export function rulesOf(...messages: MessageType[]) {
  const rule = (name: string, type: FieldRule['type'], inclusion: Inclusion, more: Partial<FieldRule>) => ({
    name,
    messages,
    versions: VERSIONS,
    type,
    inclusion,
    ...more,
  });
  return {
    /** `length`: exactly so many characters, or from–to. */
    text: (
      name: string,
      inclusion: Inclusion,
      length: number | [number, number],
      more: More = {},
    ): FieldRule => {
      const [min, max] = typeof length === 'number' ? [length, length] : length;
      return rule(name, 'string', inclusion, { min, max, ...more });
    },
    flag: (name: string, inclusion: Inclusion, more: More = {}): FieldRule =>
      rule(name, 'boolean', inclusion, more),
    object: (name: string, inclusion: Inclusion, more: More & { max?: number } = {}): FieldRule =>
      rule(name, 'object', inclusion, more),
    phone: (name: string, inclusion: Inclusion): FieldRule => rule(name, 'phone', inclusion, {}),
    list: (name: string, inclusion: Inclusion, [min, max]: [number, number]): FieldRule =>
      rule(name, 'array', inclusion, { min, max }),
  };
}

/** `01` up to `last`. */
export function codes(last: number, first = 1): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(2, '0'));
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
export const DIGITS = /^\d+$/;
