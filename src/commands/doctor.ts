import type { Command } from 'commander';
import { resolveAwsAccess } from '../aws/aws-access.ts';
import type { CommandContext } from '../cli/context.ts';
import { examine } from '../checks/examine.ts';
import { OperationError } from '../cli/errors.ts';
import {
  addStackFlags,
  addTokenFlags,
  readStackName,
  readTokenOrigin,
  type StackFlags,
  type TokenFlags,
} from '../cli/options.ts';
import { stackFlagsText } from '../aws/stack-flags-text.ts';
import { createDoctorReporter } from '../checks/doctor-reporter.ts';

interface Flags extends StackFlags, TokenFlags {
  readonly agentArn?: string;
}

const EXAMPLES = `
Examples:
  agentstream doctor                     # this machine, the account, the stack, its agent and its endpoint
  agentstream doctor --agent-arn ARN     # before the first deploy
  agentstream doctor --json | jq 'select(.status == "failed")'

Exit codes: 0 nothing fails, 1 something does. It changes nothing; of the endpoint it asks for four short streams, without tokens.
`;

export function configure(command: Command, context: CommandContext): void {
  command.option(
    '--agent-arn <arn>',
    "the agent to check (default: the stack's; env: AGENTSTREAM_AGENT_ARN)",
  );
  addStackFlags(addTokenFlags(command))
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => doctor(flags, context));
}

async function doctor(flags: Flags, { terminal, signal }: CommandContext): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const access = resolveAwsAccess(flags, terminal.env);
  const reporter = createDoctorReporter(terminal, { json: flags.json === true });
  const counts = { checks: 0, failed: 0, warnings: 0 };
  const checks = examine({
    stackName,
    access,
    agentArn: flags.agentArn ?? terminal.env['AGENTSTREAM_AGENT_ARN'],
    flags: stackFlagsText(flags, stackName, access),
    nodeVersion: process.versions.node,
    nowMs: () => Date.now(),
    given: readTokenOrigin(flags, terminal.env),
    signal,
  });
  for await (const check of checks) {
    counts.checks += 1;
    if (check.status === 'failed') counts.failed += 1;
    if (check.status === 'warning') counts.warnings += 1;
    reporter.check(check);
  }
  reporter.end(counts);
  if (counts.failed === 0) return;
  throw new OperationError('CHECKS_FAILED', `${counts.failed} of ${counts.checks} checks failed`, {
    isInDocument: true,
  });
}
