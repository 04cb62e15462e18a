import type { Command } from 'commander';
import { addAction, addStackFlags, addTokenFlags, type CommandContext } from '../cli/options.ts';

const EXAMPLES = `
Examples:
  agentstream doctor                     # machine, account, stack and endpoint
  agentstream doctor --agent-arn ARN     # before the first deploy
  agentstream doctor --json | jq 'select(.status == "failed")'

Exit codes: 0 nothing fails, 1 a check fails. It changes nothing. It requests
four short streams, which cost no tokens.
`;

export function configure(command: Command, context: CommandContext): void {
  command.option('--agent-arn <arn>', "ARN of the agent to check (default: the stack's; env: AGENTSTREAM_AGENT_ARN)");
  addStackFlags(addTokenFlags(command));
  addAction(command, context, EXAMPLES, async () => (await import('../checks/run-doctor.ts')).runDoctor);
}
