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

/** Runs `work` between the two points of a seam. */
export async function throughSeam<T>(name: string, work: () => Promise<T>): Promise<T> {
  await reach(`${name}:before`);
  const result = await work();
  await reach(`${name}:after`);
  return result;
}

async function reach(point: string): Promise<void> {
  if (armed === null || armed.point !== point) return;
  armed.passes -= 1;
  if (armed.passes > 0) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}
