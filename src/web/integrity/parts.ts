/**
 * The parts of a page that can act: what loads, runs, frames, posts or leads away. Each as one line of text, in the
 * order of the page, so that two pages can be compared and a difference named. Not a parser: whatever this does not
 * see, the comparison of the whole text does.
 */
const TAG = /<([a-zA-Z][\w:-]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>/g;
const ATTRIBUTE = /([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/g;
/** Always listed, with all their attributes. */
const ACTIVE = [
  'script',
  'link',
  'style',
  'iframe',
  'frame',
  'object',
  'embed',
  'base',
  'form',
  'template',
  'portal',
];
const ACTING_ATTRIBUTE =
  /^(on\w+|style|srcdoc|formaction|href|src|xlink:href|action|http-equiv|content|ping)$/i;
const LONGEST = 300;

export function activeParts(html: string): string[] {
  const parts: string[] = [];
  for (const match of html.matchAll(TAG)) {
    const name = (match[1] ?? '').toLowerCase();
    const attributes = attributesOf(match[2] ?? '');
    const acting = attributes.filter(([attribute]) => ACTING_ATTRIBUTE.test(attribute));
    if (!ACTIVE.includes(name) && acting.length === 0) continue;
    const shown = ACTIVE.includes(name) ? attributes : acting;
    const inline =
      name === 'script' || name === 'style' ? textAfter(html, match.index + match[0].length, name) : '';
    const written = shown.map(([attribute, value]) =>
      value === null ? attribute : `${attribute}="${value}"`,
    );
    parts.push(`<${[name, ...written].join(' ')}>${inline}`.slice(0, LONGEST));
  }
  return parts;
}

/** Addresses of the scripts, style sheets and pictures that a page loads from us. */
export function loadedFiles(html: string): string[] {
  const files = [...html.matchAll(TAG)].flatMap((match) => {
    const name = (match[1] ?? '').toLowerCase();
    if (name !== 'script' && name !== 'link') return [];
    const attributes = new Map(attributesOf(match[2] ?? ''));
    return attributes.get(name === 'script' ? 'src' : 'href') ?? [];
  });
  return [...new Set(files)].filter((file) => file.startsWith('/') && !file.startsWith('//'));
}

function attributesOf(text: string): [string, string | null][] {
  return [...text.matchAll(ATTRIBUTE)].map(([, name = '', value]) => [
    name.toLowerCase(),
    value === undefined ? null : value.replace(/^(["'])(.*)\1$/s, '$2'),
  ]);
}

function textAfter(html: string, from: number, name: string): string {
  const end = html.toLowerCase().indexOf(`</${name}`, from);
  return html.slice(from, end < 0 ? from + LONGEST : end).trim();
}
