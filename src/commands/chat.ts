import type { Command } from 'commander';
import { addAction, type CommandContext } from '../cli/options.ts';
import { addTurnFlags } from '../chat/turn-flags.ts';

const EXAMPLES = `
Examples:
  agentstream chat
  agentstream chat --continue            # continue the last session
  agentstream chat --hop agentcore       # without API Gateway and Lambda
  echo hi | agentstream chat             # one turn: only the answer on stdout
  agentstream chat --local               # with a running agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  addTurnFlags(command)
    .option('--continue', 'continue the last session with this stack')
    .option('--no-history', 'save neither prompts nor the session id');
  addAction(command, context, EXAMPLES, async () => (await import('../chat/open-chat.ts')).openChat);
}
