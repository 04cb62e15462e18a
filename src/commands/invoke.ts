import type { Command } from 'commander';
import type { CommandContext } from '../cli/options.ts';
import { hint, UsageError } from '../cli/errors.ts';
import { addTurnFlags, checkSessionId, type TurnFlags } from '../chat/turn-flags.ts';
import type { Terminal } from '../ui/terminal.ts';

const EXAMPLES = `
Examples:
  agentstream invoke "What is the capital of France?"
  echo "Summarise this" | agentstream invoke --stats
  agentstream invoke --session ID "And of Italy?"      # the same conversation
  agentstream invoke --record turn.ndjson "hi"         # agentstream dev --agent turn.ndjson plays it back
  agentstream invoke --token-command ./token.sh "hi"   # for a user pool or a Lambda authorizer
  agentstream invoke --local "hi"                      # against a running agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  addTurnFlags(command.argument('[prompt]', 'what to ask; read from stdin when omitted'))
    .addHelpText('after', EXAMPLES)
    .action((prompt: string | undefined, flags: TurnFlags) => invoke(prompt, flags, context));
}

async function invoke(argument: string | undefined, flags: TurnFlags, context: CommandContext): Promise<void> {
  const session = checkSessionId(flags.session);
  const { sendTurn } = await import('../chat/one-turn.ts');
  await sendTurn(argument ?? (await readPrompt(context.terminal)), flags, session, context);
}

async function readPrompt(terminal: Terminal): Promise<string> {
  if (!terminal.stdin.isTTY) {
    const { text } = await import('node:stream/consumers');
    return text(terminal.stdin as never);
  }
  throw new UsageError('MISSING_PROMPT', 'no prompt was given', { hint: hint`${['agentstream', 'invoke', 'Hello!']}` });
}
