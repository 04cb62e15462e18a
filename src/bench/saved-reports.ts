import { type CompareOptions, compareReports, type Comparison } from './figures/compare-reports.ts';
import { mergeReports } from './figures/merge-reports.ts';
import { parseReport } from './figures/parse-report.ts';
import type { BenchReport } from './figures/report.ts';
import { type ReportFlags, writeBenchReport } from './output.ts';
import { comparisonDocument } from './report/comparison.ts';
import { sheetOf } from './report/drawings.ts';
import { renderMarkdown } from './report/markdown.ts';
import { renderDocument } from './report/terminal.ts';
import type { CommandContext } from '../cli/options.ts';
import { type AgentstreamError, type ErrorDetail, InconclusiveError, ThresholdError } from '../cli/errors.ts';
import { failureJson } from '../cli/failure.ts';
import { checkOutputFile, readInputFile, writeOutputFile } from '../cli/files.ts';
import { createJsonLines } from '../ui/terminal.ts';

type CompareFlags = Pick<ReportFlags, 'json' | 'markdown'> & Omit<CompareOptions, 'seed'>;

/** Compares two reports. @throws {ThresholdError} WORSE; {InconclusiveError} CANNOT_JUDGE; as `parseReport` */
export function compareFiles(before: string, after: string, flags: CompareFlags, { terminal, target }: CommandContext): void {
  const { markdown, json } = flags;
  const { stdout, stderr, env } = terminal;
  if (markdown !== undefined) checkOutputFile(markdown);
  const comparison = compareReports(readReport(before), readReport(after), flags);
  const failure = failureOf(comparison);
  const error = failure && failureJson(failure, target);
  if (json) createJsonLines(stdout)({ type: 'result', ok: failure === undefined, ...(error && { error }), comparison });
  else stdout.write(renderDocument(comparisonDocument(comparison), sheetOf(stdout, env)));
  if (markdown !== undefined) {
    writeOutputFile(markdown, renderMarkdown(comparisonDocument(comparison)));
    stderr.write(`comparison: ${markdown}\n`);
  }
  if (failure) throw failure;
}

function readReport(file: string): BenchReport {
  return parseReport(readInputFile(file), file);
}

function failureOf({ verdict, rows, notes }: Comparison): AgentstreamError | undefined {
  const detail: ErrorDetail = { isInDocument: true };
  if (verdict === 'worse') {
    const worse = rows.filter((row) => row.verdict === 'worse');
    const names = worse.map((row) => [row.hop, row.class, row.metric].filter(Boolean).join(' '));
    return new ThresholdError('WORSE', `worse than before: ${names.join(', ')}`, detail);
  }
  if (verdict === 'cannot judge') {
    return new InconclusiveError('CANNOT_JUDGE', 'the two runs cannot be compared', {
      ...detail,
      hint: notes[0] ?? 'more turns: 20 of each class at least',
    });
  }
  return undefined;
}

/** Merges reports into one and prints it. @throws as `parseReport`, `mergeReports` and `writeBenchReport` */
export async function mergeFiles(files: readonly string[], flags: ReportFlags, context: CommandContext): Promise<void> {
  for (const path of [flags.html, flags.markdown]) if (path !== undefined) checkOutputFile(path);
  const { report, notes } = mergeReports(files.map(readReport));
  for (const note of notes) context.terminal.stderr.write(`note: ${note}\n`);
  await writeBenchReport(report, flags, context);
}
