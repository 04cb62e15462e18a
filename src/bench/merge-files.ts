import { checkOutputFile, readInputFile } from '../cli/files.ts';
import type { CommandContext } from '../cli/context.ts';
import { mergeReports } from './figures/merge-reports.ts';
import { parseReport } from './figures/parse-report.ts';
import { type ReportFlags, writeBenchReport } from './output.ts';

/**
 * Merges reports into one, prints it and writes the files that were asked for.
 * @throws as `parseReport`, `mergeReports` and `writeBenchReport`
 */
export async function mergeFiles(
  files: readonly string[],
  flags: ReportFlags,
  context: CommandContext,
): Promise<void> {
  for (const path of [flags.html, flags.markdown]) if (path !== undefined) checkOutputFile(path);
  const reports = files.map((file) => parseReport(readInputFile(file), file));
  const { report, notes } = mergeReports(reports);
  for (const note of notes) context.terminal.stderr.write(`note: ${note}\n`);
  await writeBenchReport(report, flags, context);
}
