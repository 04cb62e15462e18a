import type { Summary } from '../figures/summary.ts';
import { type Gauge, gaugesOf } from './bench-gauges.ts';
import { HOP_NAMES } from './bench-names.ts';
import { INDENT, remark, section, type Sheet } from './bench-section.ts';
import type { Style } from '../../ui/style.ts';

const LABEL_WIDTH = 'longest silence'.length;
const MAX_BAR = 30;
const MIN_BAR = 10;

/** How near each hop came to its limits: a bar against each limit, warnings in words. */
export function headroomLines({ headroom }: Summary, sheet: Sheet): string[] {
  return headroom.flatMap((one, index) => [
    ...(index === 0 ? [] : ['']),
    ...section(
      `Headroom, ${one.hop} (${HOP_NAMES[one.hop]})`,
      gaugesOf(one).flatMap((gauge) => gaugeLines(gauge, sheet)),
      sheet,
    ),
  ]);
}

function gaugeLines(gauge: Gauge, sheet: Sheet): string[] {
  const { style, columns } = sheet;
  const label = `${INDENT}${gauge.label.padEnd(LABEL_WIDTH)}`;
  const barWidth = Math.min(MAX_BAR, columns - label.length - gauge.amount.length - 4);
  const paint = painter(gauge, style);
  const head =
    barWidth < MIN_BAR || gauge.share === undefined
      ? [label.trimEnd(), ...remark(gauge.amount, sheet)]
      : [`${label}  ${bar(gauge.share, barWidth, paint)}  ${gauge.amount}`];
  const isShort = label.length + 2 + gauge.amount.length <= columns;
  const shown = gauge.share === undefined && isShort ? [`${label}  ${gauge.amount}`] : head;
  const warning =
    gauge.warning === undefined ? [] : remark(`Warning: ${gauge.warning}.`, sheet, paint);
  return [...shown, ...warning, ...gauge.notes.flatMap((note) => remark(note, sheet, style.dim))];
}

/** Half and four fifths of the limit have marks of their own. */
function bar(share: number, width: number, paint: (text: string) => string): string {
  const filled = share <= 0 ? 0 : Math.min(width, Math.max(1, Math.round(share * width)));
  const marks = new Set([Math.round(width / 2), Math.round(width * 0.8)]);
  const rest = Array.from({ length: width - filled }, (_, index) =>
    marks.has(filled + index) ? '╎' : '·',
  );
  return paint('█'.repeat(filled)) + rest.join('');
}

function painter({ level }: Gauge, style: Style): (text: string) => string {
  if (level === 'ok') return style.green;
  return level === 'half' ? style.yellow : style.red;
}
