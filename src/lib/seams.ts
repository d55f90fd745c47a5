/**
 * Named seams: every commit and every network call passes one, so that a test can pull the plug right before or
 * right after it. In a process that was not armed this costs one comparison.
 */
let armed: { point: string; passes: number } | null = null;

/** Arms one point, `name:before` or `name:after`, optionally `#n` for its n-th pass: there the process dies by SIGKILL. */
export function armSeam(point: string): void {
  const [name = '', count = '1'] = point.split('#');
  armed = { point: name, passes: Number(count) };
}

/** Runs the work of a seam, and may look at its watch. */
export type SeamWatcher = <T>(name: string, work: () => Promise<T>) => Promise<T>;

const watchers: SeamWatcher[] = [];

/** From now on every seam is run by the watcher too: how the commits and calls of a process are measured and traced. */
export function watchSeams(watcher: SeamWatcher): void {
  watchers.push(watcher);
}

/** Runs `work` between the two points of a seam. */
export async function throughSeam<T>(name: string, work: () => Promise<T>): Promise<T> {
  await reach(`${name}:before`);
  const result = await watched(name, work);
  await reach(`${name}:after`);
  return result;
}

function watched<T>(name: string, work: () => Promise<T>): Promise<T> {
  return watchers.reduce<() => Promise<T>>((inner, watch) => () => watch(name, inner), work)();
}

async function reach(point: string): Promise<void> {
  if (armed === null || armed.point !== point) return;
  armed.passes -= 1;
  if (armed.passes > 0) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}
