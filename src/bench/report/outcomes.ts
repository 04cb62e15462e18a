import type { OutcomeCount, Silence, Summary, ThresholdResult } from '../figures/summary.ts';
import { INDENT, remark, section, type Sheet } from './sheet.ts';
import { describeSilence } from '../../stream/silence.ts';
import { formatMs } from '../../ui/format.ts';
import { printable } from '../../ui/sanitize.ts';
import type { Style } from '../../ui/style.ts';
import { alignRows } from '../../ui/table.ts';
import { wrapText } from '../../ui/wrap-text.ts';

/** How turns came out, each class with its status, its code and the limit that explains it. */
export function outcomeLines({ outcomes }: Summary, sheet: Sheet): string[] {
  const rows = alignRows(outcomes.map(({ count, hop }) => [hop, count.toLocaleString('en-US')]));
  const lines = outcomes.flatMap((outcome, index) => {
    const paint = painterOf(outcome, sheet.style);
    return [
      ...wrapText(`${rows[index]}  ${paint(outcomeName(outcome))}`, sheet.columns, '', '    '),
      ...(outcome.explanation === undefined ? [] : remark(outcome.explanation, sheet)),
    ];
  });
  return section('Outcomes', lines, sheet);
}

function painterOf({ outcome }: OutcomeCount, style: Style): (text: string) => string {
  if (outcome === 'ok') return style.green;
  return outcome === 'unfinished' || outcome === 'cancelled' ? style.yellow : style.red;
}

/** An outcome with status and code: `http-error 429 THROTTLED`. */
export function outcomeName({ outcome, status, code }: OutcomeCount): string {
  if (outcome === 'ok') return outcome;
  return [
    outcome,
    ...(status === undefined || status === 200 ? [] : [String(status)]),
    ...(code === undefined ? [] : [printable(code)]),
  ].join(' ');
}

/** The longest silences of all streams: how long, where, after what. */
export function silenceLines({ silences }: Summary, sheet: Sheet): string[] {
  const heads = alignRows(silences.map(({ hop, ms }) => [hop, formatMs(ms)]));
  const lines = silences.flatMap((silence, index) => {
    const line = `${heads[index]}  ${silencePlace(silence)}`;
    if (line.length <= sheet.columns) return [line];
    return [heads[index] ?? INDENT, ...remark(silencePlace(silence), sheet)];
  });
  return section('Longest silences', lines, sheet);
}

/** Where a silence was: `turn 17, from 3.20 s on, after tool-start`. */
export function silencePlace(silence: Silence): string {
  return `turn ${silence.turn}, from ${formatMs(silence.atMs)} on, ${printable(describeSilence(silence))}`;
}

/** The result of a threshold in words. */
export const THRESHOLD_WORDS: Readonly<Record<ThresholdResult['result'], string>> = {
  pass: 'pass',
  fail: 'FAIL',
  'cannot-judge': 'cannot judge',
};

/** Each threshold, whether it held, and what was measured. */
export function thresholdLines({ thresholds }: Summary, sheet: Sheet): string[] {
  const { style, columns } = sheet;
  const paints = { pass: style.green, fail: style.red, 'cannot-judge': style.yellow };
  const lines = thresholds.flatMap(({ threshold, result, measured }) => [
    ...wrapText(`${paints[result](THRESHOLD_WORDS[result])}  ${printable(threshold)}`, columns, '  '),
    ...remark(measured, sheet),
  ]);
  return section('Thresholds', lines, sheet);
}
