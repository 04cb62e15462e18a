import type { Command } from 'commander';
import type { CompareFlags } from '../bench/saved-reports.ts';
import type { CommandContext } from '../cli/context.ts';
import { UsageError } from '../cli/errors.ts';

const EXAMPLES = `
Examples:
  agentstream bench compare before.json after.json
  agentstream bench compare before.json after.json --min-effect 10% --markdown comment.md

Exit codes: 0 nothing is worse, 99 something is worse, 3 cannot judge (an
invalid run, different loads, or too few turns)
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .argument('<before>', 'report of the first run: a file of bench --json or --ndjson')
    .argument('<after>', 'report of the run to judge')
    .option('--min-effect <share>', 'smallest change of a time that counts (default: 5%)', parseShare)
    .option('--force', 'compare runs of different loads')
    .option('--markdown <file>', 'write the comparison as Markdown, for a pull request')
    .option('--json', 'print the comparison as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (before: string, after: string, flags: CompareFlags) => {
      const { compareFiles } = await import('../bench/saved-reports.ts');
      compareFiles(before, after, flags, context);
    });
}

/** `5%` or `0.05`. */
function parseShare(text: string): number {
  const [, number = '', percent] = /^(\d+(?:\.\d+)?)(%)?$/.exec(text) ?? [];
  const share = Number(number === '' ? Number.NaN : number) / (percent ? 100 : 1);
  if (share >= 0 && share <= 10) return share;
  throw new UsageError('INVALID_NUMBER', `not a share: ${text}`, { hint: '--min-effect 5%' });
}
