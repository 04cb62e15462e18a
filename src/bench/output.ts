import type { BenchReport, OutcomeCount, ThresholdResult } from './figures/report.ts';
import type { BenchFlags } from './flags.ts';
import { sheetOf } from './report/drawings.ts';
import { headlineOf } from './report/headline.ts';
import { renderMarkdown } from './report/markdown.ts';
import { renderScreen } from './report/one-screen.ts';
import { reportDocument } from './report/report-document.ts';
import { renderDocument } from './report/terminal.ts';
import type { CommandContext } from '../cli/options.ts';
import {
  AbortError,
  type AgentstreamError,
  type ErrorDetail,
  InconclusiveError,
  OperationError,
  ThresholdError,
} from '../cli/errors.ts';
import { failureJson } from '../cli/failure.ts';
import { writeSideFile } from '../cli/files.ts';
import { createJsonLines, lastingOutput } from '../ui/terminal.ts';

/** Where a report goes beside stdout. */
export type ReportFlags = Pick<BenchFlags, 'json' | 'full' | 'html' | 'markdown'>;

/** Prints a report, or its document with `--json`, and writes its files. @throws what `runFailure` finds */
export async function writeBenchReport(report: BenchReport, flags: ReportFlags, context: CommandContext): Promise<void> {
  const { json, full, html, markdown } = flags;
  const { terminal, target } = context;
  const { stderr, env } = terminal;
  const stdout = lastingOutput(terminal);
  const failure = runFailure(report);
  if (json) {
    createJsonLines(stdout)({
      type: 'result',
      ok: failure === undefined,
      ...(failure && { error: failureJson(failure, target) }),
      report,
    });
    // On a terminal the line would stand beside the document.
    if (!stdout.isTTY) stderr.write(`${headlineOf(report).text}\n`);
  } else {
    const sheet = sheetOf(stdout, env);
    stdout.write(full ? renderDocument(reportDocument(report), sheet) : renderScreen(report, sheet));
  }
  const write = (path: string | undefined, render: (report: BenchReport) => string): void => {
    if (path === undefined) return;
    if (writeSideFile(path, render(report), context)) stderr.write(`report: ${path}\n`);
  };
  if (html !== undefined) {
    // It brings esbuild along.
    const { renderBenchHtml } = await import('./report/html/render-html.ts');
    write(html, renderBenchHtml);
  }
  write(markdown, (each) => renderMarkdown(reportDocument(each)));
  if (failure) throw failure;
}

/** The error that gives a run its exit code; undefined for a good run. */
function runFailure({ run, summary }: BenchReport): AgentstreamError | undefined {
  const detail: ErrorDetail = { isInDocument: true };
  const { counts, validity, thresholds, outcomes } = summary;
  if (run.stoppedBy === 'interrupt') return new AbortError('interrupted: the report is of the turns until then', detail);
  if (!validity.valid) {
    return new InconclusiveError('INVALID_RUN', 'the run is not valid: this client was the bottleneck', {
      ...detail,
      hint: validity.reasons[0],
    });
  }
  if (counts.sent === 0) return new InconclusiveError('NO_TURN', 'no turn was sent after the warm-up', detail);
  const ofResult = (result: ThresholdResult['result']) => {
    const found = thresholds.filter((one) => one.result === result);
    const names = found.map(({ threshold }) => threshold).join(', ');
    return { names, detail: { ...detail, hint: found.map(({ measured }) => measured).join('; ') } };
  };
  const [failed, open] = [ofResult('fail'), ofResult('cannot-judge')];
  if (failed.names !== '')
    return new ThresholdError('THRESHOLD_FAILED', `a threshold does not hold: ${failed.names}`, failed.detail);
  if (counts.ok === 0)
    return new OperationError('NO_GOOD_STREAM', 'no stream was ok', { ...detail, hint: describeWorst(outcomes) });
  if (open.names === '') return undefined;
  return new InconclusiveError('TOO_FEW_TURNS', `too few turns to judge: ${open.names}`, open.detail);
}

function describeWorst(outcomes: readonly OutcomeCount[]): string | undefined {
  const [worst] = outcomes.toSorted((a, b) => b.count - a.count);
  if (!worst) return undefined;
  const { outcome, code, status, explanation, count } = worst;
  const name = [outcome, status, code].filter((part) => part !== undefined).join(' ');
  return `${count} of them ${name}${explanation === undefined ? '' : `: ${explanation}`}`;
}
