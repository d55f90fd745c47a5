/**
 * Preloaded into child processes (`node --import`): the parent holds the other end of our standard input, so
 * its end means that the parent is gone, in whatever way. Then this process stops as on SIGTERM, or soon by
 * force.
 */
const GRACE_MS = 5_000;

process.stdin.once('end', stop).once('error', stop).resume();
if ('unref' in process.stdin) process.stdin.unref();

function stop(): void {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
}
