import type { Command } from 'commander';
import { type ReportFlags, writeBenchReport } from '../bench/bench-output.ts';
import type { CommandContext } from '../cli/context.ts';
import { readInputFile } from '../cli/input-file.ts';
import { checkOutputFile } from '../cli/output-file.ts';

const EXAMPLES = `
Examples:
  agentstream bench merge machine-1.json machine-2.json     # as if one machine had run it all
  agentstream bench merge turns.ndjson --html report.html   # of one run, also of one that broke off
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<files...>', 'what bench --json printed or --ndjson wrote')
    .option('--html <file>', 'the report as one offline page')
    .option('--markdown <file>', 'the report for a pull request')
    .option('--json', 'print the document')
    .addHelpText('after', EXAMPLES)
    .action((files: readonly string[], flags: ReportFlags) => merge(files, flags, context));
}

async function merge(
  files: readonly string[],
  flags: ReportFlags,
  context: CommandContext,
): Promise<void> {
  for (const path of [flags.html, flags.markdown]) if (path !== undefined) checkOutputFile(path);
  // They load the schema library, which no help text needs.
  const { parseReport } = await import('../bench/figures/parse-report.ts');
  const { mergeReports } = await import('../bench/figures/merge-reports.ts');
  const reports = files.map((file) => parseReport(readInputFile(file), file));
  const { report, notes } = mergeReports(reports);
  for (const note of notes) context.terminal.stderr.write(`note: ${note}\n`);
  await writeBenchReport(report, flags, context);
}
