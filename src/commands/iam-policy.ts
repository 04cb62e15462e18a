import { type Command, Option } from 'commander';
import { resolveAwsAccess } from '../aws/aws-access.ts';
import type { CommandContext } from '../cli/context.ts';
import {
  addDeployFlags,
  addOperationFlags,
  type DeployFlags,
  type OperationFlags,
  toParameters,
} from '../stack/deploy-flags.ts';
import { UsageError } from '../cli/errors.ts';
import { addStackFlags, readStackName, type StackFlags } from '../cli/options.ts';
import { parseAgentRuntimeArn } from '../aws/agent-runtime-arn.ts';
import { checkSettings } from '../stack/check-settings.ts';
import {
  iamPolicy,
  type IamPolicy,
  MAX_POLICY_CHARACTERS,
  POLICY_PURPOSES,
  type PolicyPurpose,
} from '../stack/policy/iam-policy.ts';
import { namesOf } from '../stack/policy/policy-place.ts';
import { readPreparedTemplate } from '../templates/prepared-template.ts';

interface Flags extends StackFlags, DeployFlags, OperationFlags {
  readonly agentArn?: string;
  readonly accountId?: string;
  readonly for?: readonly PolicyPurpose[];
}

const EXAMPLES = `
Examples:
  agentstream iam-policy --agent-arn ARN > policy.json
  agentstream iam-policy --agent-arn ARN --auth iam --access-log --stack-name staging
  agentstream iam-policy --agent-arn ARN --for run  # for those who only call it
  aws iam create-policy --policy-name agentstream --policy-document file://policy.json

Give it the options of the deploy: each adds what it needs. To change from one set of options to another takes the permissions of
both. It asks AWS nothing. bench --hop lambda and --hop agentcore call other services, and are not part of it.
`;

export function configure(command: Command, context: CommandContext): void {
  command
    .option(
      '--agent-arn <arn>',
      'ARN of the AgentCore runtime; gives account and Region (env: AGENTSTREAM_AGENT_ARN)',
    )
    .option('--account-id <id>', "account of the stack (default: the agent's)", parseAccountId)
    .addOption(
      new Option('--for <purpose>', 'what the policy is for; repeatable (default: all)')
        .choices([...POLICY_PURPOSES])
        .argParser(parsePurpose),
    );
  addOperationFlags(addDeployFlags(command));
  addStackFlags(command)
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => printPolicy(flags, context));
}

async function printPolicy(flags: Flags, { terminal }: CommandContext): Promise<void> {
  const { env, stdout, stderr } = terminal;
  const agentArn = flags.agentArn ?? env['AGENTSTREAM_AGENT_ARN'];
  const agent = agentArn === undefined ? undefined : parseAgentRuntimeArn(agentArn);
  const parameters = toParameters(flags, agent?.arn);
  checkSettings(parameters);
  const region = resolveAwsAccess(flags, env).region ?? agent?.region;
  const accountId = flags.accountId ?? agent?.accountId;
  if (!region || !accountId) {
    throw new UsageError(
      'MISSING_OPTION',
      `the ${region ? 'account' : 'Region'} of the stack is not known`,
      { hint: 'give --agent-arn, or both --account-id and --region' },
    );
  }
  const stackName = readStackName(flags, env);
  const policy = iamPolicy({
    place: {
      partition: partitionOf(region),
      region,
      accountId,
      stackName,
      isTagged: Object.values(flags.tag ?? {}).some((value) => value !== ''),
    },
    template: (await readPreparedTemplate()).sections,
    parameters,
    setsProtection: flags.terminationProtection !== undefined,
    roleArn: flags.roleArn === '' ? undefined : flags.roleArn,
    purposes: flags.for ?? [],
  });
  stdout.write(flags.json ? `${JSON.stringify(policy)}\n` : `${JSON.stringify(policy, null, 2)}\n`);
  stderr.write(sizeLine(policy));
  if (!parameters['PermissionsBoundary'] && JSON.stringify(policy).includes('iam:CreateRole')) {
    stderr.write(
      `with it roles can be made that are called ${namesOf({ stackName })}, and may do anything: --permissions-boundary ARN bounds that\n`,
    );
  }
  if (flags.roleArn) {
    stderr.write(
      `the role needs what is left out here: the same command without --role-arn, with --for deploy\n`,
    );
  }
}

function sizeLine(policy: IamPolicy): string {
  const size = JSON.stringify(policy).length;
  const words = `${size.toLocaleString('en-US')} characters without white space`;
  const limit = MAX_POLICY_CHARACTERS.toLocaleString('en-US');
  return size <= MAX_POLICY_CHARACTERS
    ? `${words}; a managed policy may have ${limit}\n`
    : `warning: ${words}, and a managed policy may have ${limit}: print it in parts, with --for\n`;
}

function parseAccountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new UsageError('INVALID_VALUE', `--account-id takes twelve digits, not ${text}`);
}

function parsePurpose(text: string, previous: readonly PolicyPurpose[] = []): PolicyPurpose[] {
  const purpose = POLICY_PURPOSES.find((known) => known === text);
  if (purpose) return [...previous, purpose];
  const choices = POLICY_PURPOSES.join(', ');
  throw new UsageError('INVALID_VALUE', `--for takes one of ${choices}, not ${text}`);
}

/** The partition that a Region belongs to, as its name tells. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
