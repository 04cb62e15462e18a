/** A time for people, to three digits: `8.4 ms`, `312 ms`, `1.34 s`, `41.2 s`, `2 min 05 s`. */
export function formatMs(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** A running time in whole seconds, for a line that is redrawn: `0 s`, `12 s`, `2 min 05 s`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const rest = String(seconds % 60).padStart(2, '0');
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

/** A time of which only the size matters, to two digits or a second: `5.1 s`, `53 s`, `2 min 05 s`. */
export function formatRough(ms: number): string {
  return ms < 9_950 ? formatSpan(Number(ms.toPrecision(2))) : formatElapsed(Math.round(ms / 1_000) * 1_000);
}

/** A measured time in a table: as `formatMs`, but never in minutes, so that the cells of a column compare; `-` for none. */
export function formatTimeCell(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return ms < 59_950 ? formatMs(ms) : `${formatCount(Math.round(ms / 1_000))} s`;
}

/** A time that somebody chose, or a mark of an axis, without needless digits: `0.2 ms`, `250 ms`, `1.5 s`, `15 min`. */
export function formatSpan(ms: number): string {
  if (ms < 1_000) return `${Number(ms.toPrecision(3))} ms`;
  return ms >= 600_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Number((ms / 1_000).toFixed(ms < 10_000 ? 2 : 1))} s`;
}

/** A size for people, in powers of 1,000: `512 B`, `6.2 kB`, `1.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [size, unit] = bytes < 999_950 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${Number(size.toFixed(size < 100 ? 1 : 0))} ${unit}`;
}

/** A share for people, rounded down so that 100 % means all: `99.5 %`, `100 %`. @param share 0 to 1 */
export function formatShare(share: number): string {
  const tenths = Math.floor(share * 1_000 + 1e-9) / 10;
  return `${tenths % 1 === 0 ? tenths : tenths.toFixed(1)} %`;
}

/** A number for people: `1,234`, `0.5`, and from a million on `1.2 M`. */
export function formatCount(count: number): string {
  return count >= 1_000_000 ? `${(count / 1_000_000).toFixed(1)} M` : groupDigits(Math.round(count * 10) / 10);
}

/** As `toLocaleString('en-US')`, whose first call loads ICU data: that takes half as long as Node.js takes to start. */
function groupDigits(count: number): string {
  return String(Math.round(count * 1_000) / 1_000).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** An amount of money for people, to two significant digits: `$12.34`, `$0.0021`. */
export function formatUsd(amount: number): string {
  if (amount === 0) return '$0';
  if (amount >= 0.1) return `$${amount.toFixed(2)}`;
  const decimals = Math.min(10, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(decimals)}`;
}

/** `1 event`, `2 events`. */
export function plural(count: number, noun: string): string {
  return `${groupDigits(count)} ${noun}${count === 1 ? '' : 's'}`;
}

const HEIGHTS = '▁▂▃▄▅▆▇█';

/** Values as a row of little bars, a cell each, the highest one full. What is undefined is left blank. @param values 0 and more */
export function sparkline(values: readonly (number | undefined)[]): string {
  const most = Math.max(0, ...values.filter((value) => value !== undefined));
  return values
    .map((value) => {
      if (value === undefined) return ' ';
      const height = most === 0 ? 0 : Math.round((value / most) * (HEIGHTS.length - 1));
      return HEIGHTS[height] ?? '';
    })
    .join('');
}
