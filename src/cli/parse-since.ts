import { UsageError } from './errors.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * A moment in the past from a flag: `90s`, `10m`, `2h`, `1d`, or a date and time in ISO 8601.
 * @param nowMs epoch ms
 * @returns epoch ms
 * @throws {UsageError} INVALID_SINCE
 */
export function parseSince(text: string, nowMs: number): number {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return nowMs - Number(count) * (UNIT_MS[unit] ?? 0);
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(date)) return date;
  throw new UsageError('INVALID_SINCE', `--since does not understand ${text}`, {
    hint: 'a time such as 90s, 10m, 2h or 1d, or a date such as 2026-11-22T18:00Z',
  });
}
