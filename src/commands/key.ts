import type { Command } from 'commander';
import { addStackFlags, type CommandContext, type StackFlags } from '../cli/options.ts';
import { parseDuration } from '../cli/flag-values.ts';

const EXAMPLES = `
Examples:
  agentstream key rotate              # a new key; the old one stays valid
  agentstream status --show-key       # print the new one
  agentstream key retire              # delete the old one
  agentstream key rotate --grace 10m  # both steps, 10 minutes apart
`;

/** For longer periods, retire the key on another day. */
const MAX_GRACE_MS = 86_400_000;

/** Adds `rotate` and `retire` to `key`. */
export function configure(command: Command, context: CommandContext): void {
  command.addHelpText('afterAll', EXAMPLES);
  addStackFlags(command.command('rotate').description('make a new API key; the old one stays valid'))
    .option(
      '--grace <time>',
      'wait this long, then delete the old key, such as 10m or 2h',
      parseDuration('--grace', MAX_GRACE_MS),
    )
    .action(async (flags: StackFlags & { readonly grace?: number }) => {
      const { runKeyRotate } = await import('../stack/run-key.ts');
      await runKeyRotate(flags, context);
    });
  addStackFlags(command.command('retire').description('delete the older of two API keys')).action(async (flags: StackFlags) => {
    const { runKeyRetire } = await import('../stack/run-key.ts');
    await runKeyRetire(flags, context);
  });
}
