/** Just enough HTML reading for our own pages and the simulated ACS's: forms with their fields, and links. */
export interface Form {
  action: string;
  method: 'get' | 'post';
  /** Hidden and prefilled inputs, and what is ticked. */
  fields: Record<string, string>;
  /** Names of all inputs. */
  names: string[];
}

export function formsOf(html: string, base: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head = '', body = '']) => {
    const inputs = [...body.matchAll(/<(?:input|button)\b([^>]*)>/gi)].map(([, attributes = '']) =>
      attributesOf(attributes),
    );
    const named = inputs.filter((input) => input.name !== undefined && input.type !== 'submit');
    const attributes = attributesOf(head);
    return {
      action: new URL(attributes.action ?? '', base).href,
      method: attributes.method?.toLowerCase() === 'post' ? 'post' : 'get',
      fields: Object.fromEntries(named.filter(isSent).map((input) => [input.name ?? '', input.value ?? ''])),
      names: named.map((input) => input.name ?? ''),
    };
  });
}

/** What a browser leaves out: boxes and circles without a mark. */
function isSent({ type, checked, disabled }: Record<string, string | undefined>): boolean {
  if (disabled !== undefined) return false;
  return checked !== undefined || (type !== 'checkbox' && type !== 'radio');
}

function attributesOf(text: string): Record<string, string | undefined> {
  const pairs = [...text.matchAll(/([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g)];
  return Object.fromEntries(
    pairs.map(([, name = '', a, b, c]) => [name.toLowerCase(), decodeEntities(a ?? b ?? c ?? '')]),
  );
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => {
    const known = ENTITIES[name.toLowerCase()];
    if (known !== undefined) return known;
    if (!name.startsWith('#')) return whole;
    const hex = name[1]?.toLowerCase() === 'x';
    return String.fromCodePoint(Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10));
  });
}
