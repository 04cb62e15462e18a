import type { BenchReport } from '../figures/report.ts';
import { costLines } from './cost.ts';
import { distributionLines } from './distributions.ts';
import { headroomLines } from './headroom.ts';
import { differenceLines, probeLines, serverTimingLines } from './hops.ts';
import { outcomeLines, silenceLines, thresholdLines } from './outcomes.ts';
import { clientLines, describeLeftOut, describeResult, describeRun, INVALID_WORDS } from './run-words.ts';
import { INDENT, type Sheet } from './sheet.ts';
import { figureLines, throughputLines } from './times.ts';
import type { Style } from '../../ui/style.ts';
import { wrapText } from '../../ui/wrap-text.ts';

/**
 * A run for people, from the result in plain words to the client's own noise. A run that is not valid shows why, how its turns
 * came out and how the client fared, and no other figure.
 * @param columns 40 at least; every line fits
 * @returns lines, the last one with a line end
 */
export function renderBenchReport(report: BenchReport, columns: number, style: Style): string {
  const sheet: Sheet = { columns: Math.max(40, columns), style };
  const { summary } = report;
  const figures = summary.validity.valid
    ? [
        figureLines(summary, sheet),
        distributionLines(report, sheet).slice(0, -1),
        throughputLines(summary, sheet),
        outcomeLines(summary, sheet),
        silenceLines(summary, sheet),
        headroomLines(summary, sheet),
        differenceLines(summary, sheet),
        probeLines(summary, sheet),
        serverTimingLines(summary, sheet),
        costLines(report, sheet),
        thresholdLines(summary, sheet),
      ]
    : [outcomeLines(summary, sheet)];
  return [resultLines(report, sheet), runLines(report, sheet), ...figures, clientLines(report, sheet)]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function resultLines(report: BenchReport, { columns, style }: Sheet): string[] {
  const result = describeResult(report);
  const leftOut = describeLeftOut(report).flatMap(({ text, isTrouble }) =>
    wrapText(text, columns).map(isTrouble ? style.yellow : style.dim),
  );
  if (result.type === 'valid') {
    const sentence = [result.counts, result.speed].filter(Boolean).join(' ');
    return [...wrapText(sentence, columns).map(style.bold), ...leftOut];
  }
  return [
    ...wrapText(INVALID_WORDS, columns).map((line) => style.red(style.bold(line))),
    ...result.reasons.flatMap((reason) => wrapText(reason, columns, '- ').map(style.red)),
    ...wrapText(result.counts, columns),
    ...leftOut,
  ];
}

function runLines({ run }: BenchReport, sheet: Sheet): string[] {
  const pairs = describeRun(run);
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.flatMap(([name, value]) =>
    wrapText(value, sheet.columns, `${INDENT}${name.padEnd(width)}  `).map(sheet.style.dim),
  );
}
