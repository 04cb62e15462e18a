import type { Command } from 'commander';
import { configure as configureCompare } from './bench-compare.ts';
import { configure as configureExport } from './bench-export.ts';
import { configure as configureMerge } from './bench-merge.ts';
import { addBenchFlags, type BenchFlags } from '../bench/flags.ts';
import type { CommandContext } from '../cli/context.ts';

const EXAMPLES = `
Examples:
  agentstream bench                                        # 25 turns, one after another
  agentstream bench -c 20 -d 2m --html report.html
  agentstream bench --rate 5 --duration 1m --hop api,lambda,agentcore
  agentstream bench --probe --requests 20                  # does it stream? costs no tokens
  agentstream bench --stage 1m:20 --stage 3m:20 --threshold 'ttfb.p95<800ms' --threshold 'maxGap<60s'
  agentstream bench --json > after.json && agentstream bench compare before.json after.json
  agentstream bench --local                                # against a running agentstream dev

Exit codes: 0 success, 1 no stream succeeded, 2 usage error, 3 cannot judge
(this client was the bottleneck, or too few turns), 99 a threshold failed, 130
interrupted (the report so far is printed)
`;

export function configure(command: Command, context: CommandContext): void {
  addBenchFlags(command)
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES)
    .action((flags: BenchFlags) => bench(flags, context));
  configureCompare(command.command('compare').description('compare two reports: better, worse, or no difference'), context);
  configureExport(command.command('export').description('export the load as a test for another engine'), context);
  configureMerge(command.command('merge').description('merge the reports of several machines into one'), context);
}

async function bench(flags: BenchFlags, context: CommandContext): Promise<void> {
  const { measureRun } = await import('../bench/bench-run.ts');
  const { writeBenchReport } = await import('../bench/output.ts');
  const report = await measureRun(flags, context);
  await writeBenchReport(report, flags, context);
}
