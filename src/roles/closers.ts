/** What was opened, to be closed in reverse order. */
export interface Closers {
  add(close: () => Promise<unknown>): void;
  /** Closes everything, also when one fails; the failures come back. */
  closeAll(): Promise<unknown[]>;
}

export function openClosers(): Closers {
  const open: (() => Promise<unknown>)[] = [];
  return {
    add: (close) => {
      open.push(close);
    },
    closeAll: async () => {
      const failures: unknown[] = [];
      for (let close = open.pop(); close; close = open.pop()) {
        await close().catch((error: unknown) => failures.push(error));
      }
      return failures;
    },
  };
}
