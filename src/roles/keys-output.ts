import { DAY } from '../lib/clock.ts';
import type { KeyRecord } from '../vault/inventory.ts';
import type { Progress } from '../vault/reseal.ts';
import type { Retirement } from '../vault/retire.ts';

/** The inventory as a table for people. `given`: the KEKs that this process has. */
export function inventoryTable(records: KeyRecord[], given: readonly string[]): string {
  const head = ['id', 'purpose', 'algorithm', 'state', 'created', 'age', 'period', 'in use by', 'remark'];
  const rows = records.map((record) => [
    record.id,
    record.purpose,
    record.algorithm,
    record.state,
    record.createdAt.toISOString().slice(0, 10),
    days(record.ageMs),
    record.periodMs === null ? 'for life' : days(record.periodMs),
    record.uses === null ? '' : `${record.uses} ${record.purpose === 'key_encryption' ? 'keys' : 'rows'}`,
    remarkOf(record, records, given),
  ]);
  return aligned([head, ...rows]);
}

/** What is left to do, in the order in which it is to be done; empty when all is in order. */
export function dueOf(records: KeyRecord[], given: readonly string[]): string[] {
  const kek = records.find(({ purpose, state }) => purpose === 'key_encryption' && state === 'active');
  const elsewhere = records.filter(({ wrappedBy }) => wrappedBy !== null && wrappedBy !== kek?.id).length;
  const changed = kek !== undefined && given[0] !== undefined && given[0] !== kek.id;
  const overdue = records.filter((record) => record.overdue);
  const retiring = records.filter(
    ({ state, purpose }) => state === 'retiring' && purpose !== 'security_code',
  );
  const rows = retiring.reduce((sum, record) => sum + (record.uses ?? 0), 0);
  const unused = retiring.filter(({ uses }) => uses === 0).length;
  return [
    ...(elsewhere > 0 || changed ? [`rewrap: ${kek?.id} is not the one key-encryption key of all keys`] : []),
    ...overdue.map(({ id, purpose }) => `rotate ${purpose}: ${id} is beyond its period`),
    ...(rows > 0 ? [`reencrypt: ${rows} rows are sealed with older keys`] : []),
    ...(unused > 0 ? [`retire: nothing is sealed any more with ${unused} older keys`] : []),
  ];
}

export function progressLine({ table, done, left, rowsPerSecond, secondsLeft }: Progress): string {
  const estimate = secondsLeft === null || left === 0 ? '' : `, about ${Math.ceil(secondsLeft)} s more`;
  return `${table}: ${done} rows done, ${left} left, ${Math.round(rowsPerSecond)} a second${estimate}`;
}

export function retirementLine(retirement: Retirement): string {
  const name = `${retirement.id} (${retirement.purpose})`;
  if (retirement.outcome === 'retired') return `${name}: retired, its key is destroyed`;
  if (retirement.outcome === 'in_use') return `${name}: kept, ${retirement.rows} rows are sealed with it`;
  return `${name}: kept until ${retirement.until.toISOString()}, some process may still seal with it`;
}

function remarkOf(record: KeyRecord, records: KeyRecord[], given: readonly string[]): string {
  if (record.overdue) return 'beyond its period';
  if (record.purpose === 'key_encryption') {
    if (record.state === 'retired') return 'to be destroyed where it is kept';
    return given.includes(record.id) ? '' : 'not given to this process';
  }
  const kek = records.find(({ purpose, state }) => purpose === 'key_encryption' && state === 'active');
  return record.wrappedBy === null || record.wrappedBy === kek?.id ? '' : `wrapped by ${record.wrappedBy}`;
}

function days(ms: number): string {
  return `${Math.floor(ms / DAY)} d`;
}

function aligned(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
