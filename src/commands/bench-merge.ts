import type { Command } from 'commander';
import type { ReportFlags } from '../bench/output.ts';
import type { CommandContext } from '../cli/context.ts';

const EXAMPLES = `
Examples:
  agentstream bench merge machine-1.json machine-2.json     # as if one machine had sent it all
  agentstream bench merge turns.ndjson --html report.html   # the report of a run, even of one that broke off
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<files...>', 'reports: files of bench --json or --ndjson')
    .option('--html <file>', 'write the report as one HTML page that needs no network')
    .option('--markdown <file>', 'write the report as Markdown, for a pull request')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', EXAMPLES)
    .action((files: readonly string[], flags: ReportFlags) => merge(files, flags, context));
}

async function merge(
  files: readonly string[],
  flags: ReportFlags,
  context: CommandContext,
): Promise<void> {
  const { mergeReports } = await import('../bench/figures/merge-reports.ts');
  const { parseReport } = await import('../bench/figures/parse-report.ts');
  const { writeBenchReport } = await import('../bench/output.ts');
  const { checkOutputFile, readInputFile } = await import('../cli/files.ts');
  for (const path of [flags.html, flags.markdown]) if (path !== undefined) checkOutputFile(path);
  const reports = files.map((file) => parseReport(readInputFile(file), file));
  const { report, notes } = mergeReports(reports);
  for (const note of notes) context.terminal.stderr.write(`note: ${note}\n`);
  await writeBenchReport(report, flags, context);
}
