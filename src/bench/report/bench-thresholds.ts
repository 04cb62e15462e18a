import type { Summary, ThresholdResult } from '../figures/summary.ts';
import { remark, section, type Sheet } from './bench-section.ts';
import { printable } from '../../ui/sanitize.ts';
import { wrapText } from '../../ui/wrap-text.ts';

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
    ...wrapText(
      `${paints[result](THRESHOLD_WORDS[result])}  ${printable(threshold)}`,
      columns,
      '  ',
    ),
    ...remark(measured, sheet),
  ]);
  return section('Thresholds', lines, sheet);
}
