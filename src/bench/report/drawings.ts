import stringWidth from 'string-width';
import { WARNED_SHARES } from '../figures/headroom.ts';
import { type BinSeries, type Gauge, levelTone, type Tone } from './document.ts';
import { formatSpan } from '../../ui/format.ts';
import { createStyle, type Output, type Style } from '../../ui/terminal.ts';
import { FIXED_SPACE, keepUnits, wrapText } from '../../ui/wrap-text.ts';
import { sumOf } from '../../stream/distribution.ts';

/** Width and style of a printed report. */
export interface Sheet {
  /** Cells of a line, 40 at least. */
  readonly columns: number;
  readonly style: Style;
}

/** The sheet of an output. */
export function sheetOf(output: Output, env: NodeJS.ProcessEnv): Sheet {
  return { columns: Math.max(40, output.columns), style: createStyle(output, env) };
}

export const INDENT = '  ';
/** Before a line that belongs to the one above it. */
export const REMARK = INDENT.repeat(2);

/** As `wrapText`, with each number beside its unit. */
export function wrapWords(text: string, ...rest: [columns: number, indent?: string, hanging?: string]): string[] {
  return wrapText(keepUnits(text), ...rest).map((line) => line.replaceAll(FIXED_SPACE, ' '));
}

/** The paint of a tone. */
export function painter(tone: Tone | undefined, style: Style): (text: string) => string {
  const paints = { good: style.green, warn: style.yellow, bad: style.red, note: style.dim };
  return tone === undefined ? String : paints[tone];
}

type Bin = ReturnType<typeof toBins>['bins'][number];

const [LEAST_BINS, MOST_BINS] = [4, 15];
/** A spread past this has a log scale. */
const LINEAR_UP_TO = 10;
/** A log scale begins here; shorter times share its first bin. */
const LOG_FROM_MS = 1;
const LOG_STEPS: readonly (readonly number[])[] = [[1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

/**
 * Sorts times (ms) into a few bins with round edges, without gaps between them and empty ones at neither end; `counts`: one for each
 * series. `from` is inclusive, `to` exclusive; the first bin of a log scale begins at 0 and holds all that is smaller.
 */
export function toBins(series: readonly BinSeries[]) {
  const values = series.flatMap(({ samples }) => samples.map(([value]) => value));
  if (values.length === 0) return { scale: 'linear' as const, bins: [] };
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const scale = most / Math.max(least, LOG_FROM_MS) > LINEAR_UP_TO ? 'log' : 'linear';
  // Few values do not fill many bins.
  const n = sumOf(series, ({ samples }) => sumOf(samples, ([, count]) => count));
  const wanted = Math.min(MOST_BINS, Math.max(LEAST_BINS, Math.ceil(2 * Math.sqrt(n))));
  const edges = scale === 'log' ? logEdges(least, most, wanted) : linearEdges(least, most, wanted);
  const counts = edges.map(() => series.map(() => 0));
  series.forEach(({ samples }, index) => {
    for (const [value, count] of samples) {
      const place = edges.findLastIndex((edge) => edge <= value);
      const row = counts[Math.max(0, place)];
      if (row) row[index] = (row[index] ?? 0) + count;
    }
  });
  const bins = edges.slice(0, -1).map((from, index) => ({ from, to: edges[index + 1] ?? from, counts: counts[index] ?? [] }));
  return { scale, bins };
}

/** The last edge is greater than `most`. */
function linearEdges(least: number, most: number, wanted: number): number[] {
  const step = roundStep(Math.max(most - least, most / 100, 1e-3) / (wanted - 2));
  const first = Math.floor(least / step);
  const count = Math.floor(most / step) - first + 2;
  // Multiplied, not added up: 3 times 0.1 must be 0.3 in a label.
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(9)));
}

function logEdges(least: number, most: number, wanted: number): number[] {
  const decades = Array.from({ length: 9 }, (_, power) => 10 ** power * LOG_FROM_MS);
  for (const steps of LOG_STEPS) {
    const grid = [0, ...decades.flatMap((decade) => steps.map((step) => decade * step))];
    const first = grid.findLastIndex((edge) => edge <= least);
    const last = grid.findIndex((edge) => edge > most);
    if (last - first <= wanted || steps.length === 1) return grid.slice(first, last + 1);
  }
  return [];
}

/** 1, 2 or 5 times a power of ten, and not less than this. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((step) => step * power >= least) ?? 10);
}

/** Distinguishable without colour. */
const FILLS = ['█', '▒', '▓', '░'];

/** A histogram of times (ms): a row a bin, each series with a fill of its own. @returns lines; none without samples */
export function histogramLines(series: readonly BinSeries[], sheet: Sheet): string[] {
  const present = series.filter(({ samples }) => samples.length > 0);
  const { bins, scale } = toBins(present);
  const most = Math.max(0, ...bins.map(total));
  if (most === 0) return [];
  const labels = bins.map(({ from, to }) => (from === 0 ? `< ${formatSpan(to)}` : formatSpan(from)));
  const labelWidth = Math.max(...labels.map((label) => stringWidth(label)));
  const counts = bins.map((bin) => total(bin).toLocaleString('en-US'));
  const countWidth = Math.max(...counts.map((count) => count.length));
  const width = Math.min(60, sheet.columns - INDENT.length - labelWidth - 2 - countWidth - 1);
  const paints = [sheet.style.cyan, sheet.style.yellow, sheet.style.green, sheet.style.red];
  const rows = bins.map((bin, row) => {
    const cells = toCells(bin, most, width);
    const bar = cells.map((length, index) => paints[index % 4]?.((FILLS[index % 4] ?? '').repeat(length)) ?? '').join('');
    const space = ' '.repeat(width - sumOf(cells, Number));
    const label = (labels[row] ?? '').padStart(labelWidth);
    return `${INDENT}${label} │${bar}${space} ${(counts[row] ?? '').padStart(countWidth)}`;
  });
  return [...rows, ...legend(present, scale, sheet)];
}

function legend(series: readonly BinSeries[], scale: string, { style, columns }: Sheet): string[] {
  const fills = series.length < 2 ? [] : series.map(({ label }, at) => `${FILLS[at % 4]} ${label}`);
  const parts = [...fills, ...(scale === 'log' ? ['log scale'] : [])];
  if (parts.length === 0) return [];
  const line = `${INDENT}${parts.join('  ')}`;
  const lines = stringWidth(line) <= columns ? [line] : parts.map((part) => INDENT + part);
  return lines.map((each) => style.dim(each));
}

/** How long each series' part of a bar is. What is there has one cell at least. */
function toCells({ counts }: Bin, most: number, width: number): number[] {
  const cells = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.round((count / most) * width))));
  while (sumOf(cells, Number) > width) {
    const longest = cells.indexOf(Math.max(...cells));
    cells[longest] = (cells[longest] ?? 0) - 1;
  }
  return cells;
}

function total({ counts }: Bin): number {
  return sumOf(counts, Number);
}

const MAX_BAR = 30;
const MIN_BAR = 10;

/** A bar against a limit, with marks where warnings begin; warnings and notes in words below it. */
export function gaugeLines(gauge: Gauge, { style, columns }: Sheet): string[] {
  const label = `${INDENT}${gauge.label}`.padEnd(INDENT.length + 'longest silence'.length);
  const paint = painter(levelTone(gauge.level), style);
  const width = Math.min(MAX_BAR, columns - label.length - gauge.amount.length - 4);
  const drawn = gauge.share === undefined || width < MIN_BAR ? '' : `${bar(gauge.share, width, paint)}${INDENT}`;
  const head = wrapWords(`${drawn}${gauge.amount}`, columns, `${label}${INDENT}`, REMARK);
  const warning = gauge.warning === undefined ? [] : wrapWords(`Warning: ${gauge.warning}.`, columns, REMARK).map(paint);
  return [...head, ...warning, ...gauge.notes.flatMap((note) => wrapWords(note, columns, REMARK).map(style.dim))];
}

function bar(share: number, width: number, paint: (text: string) => string): string {
  const filled = share <= 0 ? 0 : Math.min(width, Math.max(1, Math.round(share * width)));
  const marks = new Set(Object.values(WARNED_SHARES).map((warned) => Math.round(width * warned)));
  const rest = Array.from({ length: width - filled }, (_, index) => (marks.has(filled + index) ? '╎' : '·'));
  return paint('█'.repeat(filled)) + rest.join('');
}
