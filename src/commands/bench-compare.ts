import type { Command } from 'commander';
import type { Comparison } from '../bench/figures/comparison.ts';
import type { CommandContext } from '../cli/context.ts';
import {
  type AgentstreamError,
  type ErrorDetail,
  InconclusiveError,
  ThresholdError,
  UsageError,
} from '../cli/errors.ts';
import { readInputFile } from '../cli/input-file.ts';
import { checkOutputFile, writeOutputFile } from '../cli/output-file.ts';
import { renderComparison } from '../bench/report/bench-comparison.ts';
import { renderComparisonMarkdown } from '../bench/report/bench-comparison-markdown.ts';
import { createJsonLines } from '../ui/json-lines.ts';
import { createStyle } from '../ui/style.ts';

interface Flags {
  /** A share. */
  readonly minEffect?: number;
  readonly markdown?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  agentstream bench compare before.json after.json
  agentstream bench compare before.json after.json --min-effect 10% --markdown comment.md

Exit codes: 0 nothing is worse, 99 something is, 3 cannot judge (an invalid run, or too few turns)
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<before>', 'what bench --json printed or --ndjson wrote')
    .argument('<after>', 'the same of the run that is judged')
    .option('--min-effect <share>', 'least change of a time that counts (default: 5%)', parseShare)
    .option('--markdown <file>', 'the comparison for a pull request')
    .option('--json', 'print the document')
    .addHelpText('after', EXAMPLES)
    .action((before: string, after: string, flags: Flags) =>
      compare(before, after, flags, context),
    );
}

async function compare(
  before: string,
  after: string,
  { minEffect, markdown, json }: Flags,
  { terminal: { stdout, stderr, env } }: CommandContext,
): Promise<void> {
  if (markdown !== undefined) checkOutputFile(markdown);
  // They load the schema library, which no help text needs.
  const { parseReport } = await import('../bench/figures/parse-report.ts');
  const { compareReports } = await import('../bench/figures/compare-reports.ts');
  const [first, second] = [before, after].map((file) => parseReport(readInputFile(file), file));
  if (!first || !second) return;
  const comparison = compareReports(first, second, {
    ...(minEffect !== undefined && { minEffect }),
  });
  const failure = failureOf(comparison, { isInDocument: true });
  if (json) {
    createJsonLines(stdout)({ type: 'result', ok: failure === undefined, comparison });
  } else {
    stdout.write(renderComparison(comparison, stdout.columns, createStyle(stdout, env)));
  }
  if (markdown !== undefined) {
    writeOutputFile(markdown, renderComparisonMarkdown(comparison));
    stderr.write(`comparison: ${markdown}\n`);
  }
  if (failure) throw failure;
}

function failureOf(
  { verdict, rows, notes }: Comparison,
  detail: ErrorDetail,
): AgentstreamError | undefined {
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

/** `5%` or `0.05`. */
function parseShare(text: string): number {
  const [, number = '', percent] = /^(\d+(?:\.\d+)?)(%)?$/.exec(text) ?? [];
  const share = Number(number === '' ? Number.NaN : number) / (percent ? 100 : 1);
  if (share >= 0 && share <= 10) return share;
  throw new UsageError('INVALID_NUMBER', `not a share: ${text}`, { hint: '--min-effect 5%' });
}
