import pino from 'pino';

/** What the house logs with: a message and plain fields, one line a request or job. */
export interface Log {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

export function openLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

/**
 * What may be said of an error in a log: its name, code and constraint, never its message's parameters. A
 * `DrizzleQueryError` carries every bound value in its message.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code, constraint_name: constraint } = cause as { code?: unknown; constraint_name?: unknown };
  const fromDatabase = cause.name === 'PostgresError' || error.message.startsWith('Failed query');
  return {
    error: cause.name,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(fromDatabase
      ? {}
      : { message: cause.message.slice(0, 300), stack: error.stack?.split('\n').slice(1, 6).join('\n') }),
  };
}
