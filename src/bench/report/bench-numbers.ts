import { formatMs } from '../../ui/format.ts';

/** A share for people, rounded down so that 100 % means all: `99.5 %`, `100 %`. @param share 0 to 1 */
export function formatShare(share: number): string {
  const tenths = Math.floor(share * 1_000 + 1e-9) / 10;
  return `${tenths % 1 === 0 ? tenths : tenths.toFixed(1)} %`;
}

/** A number for people: `1,234`, and from a million on `1.2 M`. */
export function formatCount(count: number): string {
  return count >= 1_000_000
    ? `${(count / 1_000_000).toFixed(1)} M`
    : count.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

/** A time in a table, ms in: as `formatMs`, but never in minutes, so that a column stays narrow and its cells compare. */
export function formatTimeCell(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return ms < 60_000 ? formatMs(ms) : `${Math.round(ms / 1_000).toLocaleString('en-US')} s`;
}

/** A time that somebody chose, ms in: `30 s`, `250 ms`, `1.5 s`, `15 min`. */
export function formatSpan(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms >= 600_000 && ms % 60_000 === 0
    ? `${ms / 60_000} min`
    : `${Number((ms / 1_000).toFixed(1))} s`;
}

/** An amount of money for people, to two digits that say something: `$12.34`, `$0.0021`. */
export function formatUsd(amount: number): string {
  if (amount === 0) return '$0';
  if (amount >= 0.1) return `$${amount.toFixed(2)}`;
  const decimals = Math.min(10, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(decimals)}`;
}
