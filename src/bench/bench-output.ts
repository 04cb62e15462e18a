import type { BenchReport } from './figures/report.ts';
import { runFailure } from './figures/run-failure.ts';
import type { CommandContext } from '../cli/context.ts';
import { failureJson } from '../cli/failure.ts';
import { writeOutputFile } from '../cli/files.ts';
import { renderBenchMarkdown } from './report/bench-markdown.ts';
import { renderBenchReport } from './report/bench-report.ts';
import { createJsonLines } from '../ui/json-lines.ts';
import { createStyle } from '../ui/style.ts';

/** Where a report goes beside stdout. */
export interface ReportFlags {
  readonly json?: boolean;
  readonly html?: string;
  readonly markdown?: string;
}

/**
 * Prints a report, or its document with `--json`, and writes the files that were asked for.
 * @throws what the end of the run means: see `runFailure`
 * @throws {OperationError} CANNOT_WRITE, after the report has been printed
 */
export async function writeBenchReport(
  report: BenchReport,
  { json, html, markdown }: ReportFlags,
  { terminal: { stdout, stderr, env }, target }: CommandContext,
): Promise<void> {
  const failure = runFailure(report, { isInDocument: true });
  if (json) {
    createJsonLines(stdout)({
      type: 'result',
      ok: failure === undefined,
      ...(failure && { error: failureJson(failure, target) }),
      report,
    });
  } else {
    stdout.write(renderBenchReport(report, stdout.columns, createStyle(stdout, env)));
  }
  const write = (path: string | undefined, render: (report: BenchReport) => string): void => {
    if (path === undefined) return;
    writeOutputFile(path, render(report));
    stderr.write(`report: ${path}\n`);
  };
  if (html !== undefined) {
    // It brings esbuild along.
    const { renderBenchHtml } = await import('./report/html/render-bench-html.ts');
    write(html, renderBenchHtml);
  }
  write(markdown, renderBenchMarkdown);
  if (failure) throw failure;
}
