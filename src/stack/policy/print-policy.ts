import { resolveAwsAccess } from '../../aws/aws-access.ts';
import type { CommandContext } from '../../cli/context.ts';
import { type DeployFlags, type OperationFlags, toParameters } from '../deploy-flags.ts';
import { UsageError } from '../../cli/errors.ts';
import { readStackName, type StackFlags } from '../../cli/options.ts';
import { parseAgentRuntimeArn } from '../../aws/arns.ts';
import { checkSettings } from '../check-settings.ts';
import { iamPolicy, type IamPolicy, MAX_POLICY_CHARACTERS } from './iam-policy.ts';
import { namesOf, type PolicyPurpose } from './grant.ts';
import { readPreparedTemplate } from '../../templates/render.ts';

/** Flags of `iam-policy`. */
export interface PolicyFlags extends StackFlags, DeployFlags, OperationFlags {
  readonly agentArn?: string;
  readonly accountId?: string;
  readonly for?: readonly PolicyPurpose[];
}

/**
 * Prints the smallest policy for a stack with these settings, and on stderr how close it is to AWS's limit. It asks AWS nothing.
 * @throws {UsageError} MISSING_OPTION, and as `checkSettings`
 */
export async function printPolicy(flags: PolicyFlags, { terminal }: CommandContext): Promise<void> {
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

/** The partition that a Region belongs to, as its name tells. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
