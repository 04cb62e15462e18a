import type { Command } from 'commander';
import type { ChatFlags } from '../chat/open-chat.ts';
import type { CommandContext } from '../cli/context.ts';
import { addTurnFlags } from '../endpoint/turn-flags.ts';

const EXAMPLES = `
Examples:
  agentstream chat
  agentstream chat --continue            # go on where the last chat ended
  agentstream chat --hop agentcore       # the same agent without API Gateway and Lambda
  echo hi | agentstream chat             # one turn: the answer alone on stdout
  agentstream chat --local               # with a running agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  addTurnFlags(command)
    .option('--continue', 'go on with the last session of this stack')
    .option('--no-history', 'remember neither prompts nor the session')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ChatFlags) => {
      const { openChat } = await import('../chat/open-chat.ts');
      await openChat(flags, context);
    });
}
