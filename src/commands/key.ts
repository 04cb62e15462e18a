import type { Command } from 'commander';
import type { CommandContext } from '../cli/context.ts';
import { addStackFlags, parseDuration, type StackFlags } from '../cli/options.ts';

const EXAMPLES = `
Examples:
  agentstream key rotate                # a new key; the old one stays valid
  agentstream status --show-key         # the new one
  agentstream key retire                # ends the old one, when every client has the new
  agentstream key rotate --grace 10m    # all of it: waits between the two
`;

/** Whoever waits longer retires the key another day. */
const MAX_GRACE_MS = 86_400_000;

/** Adds `rotate` and `retire` to `key`. */
export function configure(command: Command, context: CommandContext): void {
  command.addHelpText('after', EXAMPLES);
  addStackFlags(command.command('rotate').description('make a new API key beside the old one'))
    .option(
      '--grace <time>',
      'wait so long, then end the old key: 10m, 2h',
      parseDuration('--grace', MAX_GRACE_MS),
    )
    .action(async (flags: StackFlags & { readonly grace?: number }) => {
      const { runKeyRotate } = await import('../stack/run-key.ts');
      await runKeyRotate(flags, context);
    });
  addStackFlags(command.command('retire').description('end the older of two API keys')).action(
    async (flags: StackFlags) => {
      const { runKeyRetire } = await import('../stack/run-key.ts');
      await runKeyRetire(flags, context);
    },
  );
}
