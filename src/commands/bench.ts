import type { Command } from 'commander';
import type { ExportFlags } from '../bench/artillery/export-artillery.ts';
import { addBenchFlags, type BenchFlags } from '../bench/flags.ts';
import { addAction, type CommandContext } from '../cli/options.ts';
import { UsageError } from '../cli/errors.ts';
import { parseInteger } from '../cli/flag-values.ts';

const EXAMPLES = `
Examples:
  agentstream bench                        # 25 turns, one after another
  agentstream bench -c 20 -d 2m --html report.html
  agentstream bench --rate 5 --duration 1m --hop api,lambda,agentcore
  agentstream bench --probe --requests 20  # does it stream? costs no tokens
  agentstream bench --stage 1m:20 --stage 3m:20 \\
    --threshold 'ttfb.p95<800ms' --threshold 'maxGap<60s'
  agentstream bench --json > after.json
  agentstream bench compare before.json after.json
  agentstream bench --local                # against a running agentstream dev

Exit codes: 0 success, 1 no stream succeeded, 2 usage error, 3 cannot judge
(this client was the bottleneck, or too few turns), 99 a threshold failed, 130
interrupted (the report so far is printed)
`;

/** Adds the flags of `bench`, and its commands `compare`, `export` and `merge`. */
export function configure(command: Command, context: CommandContext): void {
  addBenchFlags(command)
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES)
    .action(async (flags: BenchFlags) => {
      const { measureRun } = await import('../bench/bench-run.ts');
      const { writeBenchReport } = await import('../bench/output.ts');
      await writeBenchReport(await measureRun(flags, context), flags, context);
    });
  configureCompare(command.command('compare').description('compare two reports: better, worse, or no difference'), context);
  configureExport(command.command('export').description('export the load as a test for another engine'), context);
  configureMerge(command.command('merge').description('merge the reports of several machines into one'), context);
}

const COMPARE_EXAMPLES = `
Examples:
  agentstream bench compare before.json after.json
  agentstream bench compare before.json after.json \\
    --min-effect 10% --markdown comment.md

Exit codes: 0 nothing is worse, 99 something is worse, 3 cannot judge (an
invalid run, different loads, or too few turns)
`;

function configureCompare(command: Command, context: CommandContext): void {
  command
    .argument('<before>', 'report of the first run: a file of bench --json or --ndjson')
    .argument('<after>', 'report of the run to judge')
    .option('--min-effect <share>', 'smallest change of a time that counts (default: 5%)', parseShare)
    .option('--force', 'compare runs of different loads')
    .option('--markdown <file>', 'write the comparison as Markdown, for a pull request')
    .option('--json', 'print the comparison as JSON');
  addAction(command, context, COMPARE_EXAMPLES, async () => (await import('../bench/saved-reports.ts')).compareFiles);
}

/** `5%` or `0.05`. */
function parseShare(text: string): number {
  const [, number = '', percent] = /^(\d+(?:\.\d+)?)(%)?$/.exec(text) ?? [];
  const share = Number(number === '' ? Number.NaN : number) / (percent ? 100 : 1);
  if (share >= 0 && share <= 10) return share;
  throw new UsageError('INVALID_NUMBER', `not a share: ${text}`, { hint: '--min-effect 5%' });
}

const EXPORT_EXAMPLES = `
Examples:
  agentstream bench export artillery load --vus 20 --duration 2m
  agentstream bench export artillery load --rate 100 --duration 10m --machines 5
  cd load && npm install
  npx artillery run-fargate --count 5 --dotenv load.env test.yml
`;

function configureExport(command: Command, context: CommandContext): void {
  command.addHelpText('afterAll', EXPORT_EXAMPLES);
  const artillery = command
    .command('artillery')
    .description('write an Artillery test that runs on this machine, on AWS Lambda or on Fargate')
    .argument('<dir>', 'new or empty folder');
  addBenchFlags(artillery)
    .optionsGroup('Export:')
    .option('--machines <n>', 'number of machines that share the load', parseInteger('--machines', 1, 10_000), 1)
    .option('--force', 'write into a folder that is not empty')
    .action(async (folder: string, flags: ExportFlags) => {
      const { exportArtillery } = await import('../bench/artillery/export-artillery.ts');
      await exportArtillery(folder, flags, context);
    });
}

const MERGE_EXAMPLES = `
Examples:
  agentstream bench merge machine-1.json machine-2.json
  agentstream bench merge turns.ndjson --html report.html

The report reads as if one machine had sent every turn. The --ndjson file of a
run that broke off gives a report of what there is.
`;

function configureMerge(command: Command, context: CommandContext): void {
  command
    .argument('<files...>', 'reports: files of bench --json or --ndjson')
    .option('--html <file>', 'write the report as one HTML page that needs no network')
    .option('--markdown <file>', 'write the report as Markdown, for a pull request')
    .option('--full', 'print every figure, not one screen')
    .option('--json', 'print the report as JSON');
  addAction(command, context, MERGE_EXAMPLES, async () => (await import('../bench/saved-reports.ts')).mergeFiles);
}
