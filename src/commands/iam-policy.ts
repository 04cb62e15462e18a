import { type Command, Option } from 'commander';
import { UsageError } from '../cli/errors.ts';
import { parseChoice } from '../cli/flag-values.ts';
import { addAction, addStackFlags, type CommandContext } from '../cli/options.ts';
import { addDeployFlags, addOperationFlags } from '../stack/deploy-flags.ts';
import { POLICY_PURPOSES, type PolicyPurpose } from '../stack/policy/grant.ts';

const EXAMPLES = `
Examples:
  agentstream iam-policy --agent-arn ARN > policy.json
  agentstream iam-policy --agent-arn ARN --auth iam --stack-name staging
  agentstream iam-policy --agent-arn ARN --for run  # for callers only
  aws iam create-policy --policy-name agentstream \\
    --policy-document file://policy.json

Give it the options of the deploy: each adds the permissions it needs. Changing
from one set of options to another needs the permissions of both. It calls no
AWS service. The policy does not cover bench --hop lambda and --hop agentcore.
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .option('--agent-arn <arn>', 'ARN of the AgentCore runtime, which tells account and Region (env: AGENTSTREAM_AGENT_ARN)')
    .option('--account-id <id>', "AWS account of the stack, such as 123456789012 (default: the agent's)", parseAccountId)
    .addOption(
      new Option('--for <purpose>', 'what the policy permits; repeatable (default: all)')
        .choices([...POLICY_PURPOSES])
        .argParser(parsePurpose),
    );
  addOperationFlags(addDeployFlags(command));
  addStackFlags(command);
  addAction(command, context, EXAMPLES, async () => (await import('../stack/policy/iam-policy.ts')).printPolicy);
}

function parseAccountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new UsageError('INVALID_VALUE', `--account-id takes twelve digits, not ${text}`);
}

function parsePurpose(text: string, previous: readonly PolicyPurpose[] = []): PolicyPurpose[] {
  return [...previous, parseChoice('--for', POLICY_PURPOSES)(text)];
}
