import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../src/lib/root.ts';

export interface Chrome {
  executablePath: string;
  /** What it must find in its environment: its libraries and the Japanese font. */
  env: Record<string, string>;
}

const require = createRequire(import.meta.url);

/**
 * CHROME_PATH, or the Chromium that comes as an npm package (Linux x64), unpacked once per version into a
 * private folder outside the checkout. Null where there is neither: only tests that launch a browser fail
 * then.
 */
export function prepareChrome(): Chrome | null {
  const installed = process.env.CHROME_PATH;
  if (installed) return { executablePath: installed, env: {} };
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const source = join(dirname(require.resolve('@sparticuz/chromium')), '..');
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const place = join(tmpdir(), `payresort-chromium-${version}-${userInfo().uid}`);
  if (!existsSync(place)) unpack(source, place);
  return {
    executablePath: join(place, 'chromium'),
    env: { LD_LIBRARY_PATH: join(place, 'al2023', 'lib'), FONTCONFIG_PATH: writeFonts(place) },
  };
}

/** The package unpacks into TMPDIR: a process of its own gets one, which is renamed when it is whole. */
function unpack(source: string, place: string): void {
  const unfinished = `${place}.new-${process.pid}`;
  mkdirSync(unfinished, { mode: 0o700 });
  const script = `
    import { inflate } from '@sparticuz/chromium';
    const folder = ${JSON.stringify(`${source}/bin/`)};
    for (const name of ['chromium.br', 'al2023.tar.br', 'swiftshader.tar.br']) await inflate(folder + name);`;
  try {
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: unfinished },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`Chromium could not be unpacked:\n${stderr}`);
    renameSync(unfinished, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** One font for everything, Japanese included, so that screenshots do not depend on what a machine has. */
function writeFonts(place: string): string {
  const fonts = join(dirname(require.resolve('@expo-google-fonts/noto-sans-jp/package.json')));
  const folders = ['400Regular', '700Bold'].map((weight) => `<dir>${join(fonts, weight)}</dir>`).join('');
  const prefer = ['sans-serif', 'serif', 'system-ui', 'monospace']
    .map(
      (family) => `<alias><family>${family}</family><prefer><family>Noto Sans JP</family></prefer></alias>`,
    )
    .join('');
  const cache = `<cachedir>${join(place, 'font-cache')}</cachedir>`;
  const text = `<?xml version="1.0"?><fontconfig>${folders}${cache}${prefer}</fontconfig>\n`;
  const config = join(place, 'fonts');
  mkdirSync(config, { recursive: true });
  const unfinished = join(config, `fonts.${process.pid}`);
  writeFileSync(unfinished, text);
  renameSync(unfinished, join(config, 'fonts.conf'));
  return config;
}
