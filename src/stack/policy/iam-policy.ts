import { resolveAwsAccess } from '../../aws/aws-access.ts';
import { type DeployFlags, type OperationFlags, toParameters } from '../deploy-flags.ts';
import { UsageError } from '../../cli/errors.ts';
import { type CommandContext, readStackName, type StackFlags } from '../../cli/options.ts';
import { parseAgentRuntimeArn } from '../../aws/arns.ts';
import { checkSettings } from '../check-settings.ts';
import { readStackTemplate } from '../../templates/read-template.ts';
import { formatCount } from '../../ui/format.ts';
import { deployGrants, destroyGrants, runGrants } from './command-grants.ts';
import { type Grant, namesOf, type PolicyPlace, type PolicyPurpose } from './grant.ts';
import type { TemplateSections } from '../../templates/prepared-template.ts';
import type { ParameterValues } from '../../aws/stack-values.ts';
import { resolveTemplate } from '../../templates/resolve-template.ts';
import { resourceGrants } from './resource-grants.ts';

interface PolicyFlags extends StackFlags, DeployFlags, OperationFlags {
  readonly agentArn?: string;
  readonly accountId?: string;
  readonly for?: readonly PolicyPurpose[];
}

/**
 * Prints the smallest policy for a stack with these settings, and its size on stderr. Calls no AWS service.
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
    throw new UsageError('MISSING_OPTION', `the ${region ? 'account' : 'Region'} of the stack is unknown`, {
      hint: 'give --agent-arn, or both --account-id and --region',
    });
  }
  const stackName = readStackName(flags, env);
  const place: PolicyPlace = {
    partition: partitionOf(region),
    region,
    accountId,
    stackName,
    domainName: parameters['DomainName'] ?? '',
    isTagged: Object.values(flags.tag ?? {}).some((value) => value !== ''),
  };
  const { sections } = await readStackTemplate();
  const policy = iamPolicy(place, sections, parameters, flags);
  stdout.write(flags.json ? `${JSON.stringify(policy)}\n` : `${JSON.stringify(policy, null, 2)}\n`);
  stderr.write(`${sizeLine(JSON.stringify(policy).length)}\n`);
  if (!parameters['PermissionsBoundary'] && JSON.stringify(policy).includes('iam:CreateRole')) {
    stderr.write(
      `the policy allows creating roles named ${namesOf({ stackName })} with any permissions; --permissions-boundary ARN limits them\n`,
    );
  }
  if (flags.roleArn)
    stderr.write(`the service role needs a policy of its own: run this command without --role-arn, with --for deploy\n`);
}

function sizeLine(size: number): string {
  const words = `${formatCount(size)} characters without white space`;
  const limit = formatCount(MAX_POLICY_CHARACTERS);
  return size <= MAX_POLICY_CHARACTERS
    ? `${words}; the limit of a managed policy is ${limit}`
    : `warning: ${words}, more than the ${limit} of a managed policy: print it in parts with --for`;
}

/** The partition of a Region, by its name. */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Characters of a managed policy, without white space (IAM user guide, "IAM and AWS STS quotas"). */
const MAX_POLICY_CHARACTERS = 6_144;

/**
 * The smallest policy with which these commands work on a stack with these settings. It covers CloudFormation's calls for the
 * template's resources and the commands' own calls. With a service role the caller needs no permissions for the resources.
 * @param parameters an undefined value has the template's default
 * @param flags.for empty for all
 */
function iamPolicy(place: PolicyPlace, template: TemplateSections, parameters: ParameterValues, flags: PolicyFlags) {
  const pseudo = {
    'AWS::AccountId': place.accountId,
    'AWS::Partition': place.partition,
    'AWS::Region': place.region,
    'AWS::StackName': place.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const resources = flags.roleArn ? [] : resolveTemplate(template, parameters, pseudo);
  const all = resources.map((resource) => resourceGrants(resource, place));
  const { for: purposes = [] } = flags;
  const is = (purpose: PolicyPurpose) => purposes.length === 0 || purposes.includes(purpose);
  const made: readonly Grant[] = [
    ...(is('deploy') ? deployGrants(place, parameters, flags) : []),
    ...(is('deploy') ? all.flatMap(({ change }) => change) : []),
    ...(is('deploy') || is('destroy') ? all.flatMap(({ remove }) => remove) : []),
    ...(is('run') ? runGrants(place, parameters) : []),
    ...(is('destroy') ? destroyGrants(place) : []),
  ];
  const withNames = (hasNames: boolean) => ({ Version: '2012-10-17', Statement: policyStatements(made, hasNames) });
  const policy = withNames(true);
  return JSON.stringify(policy).length <= MAX_POLICY_CHARACTERS ? policy : withNames(false);
}

/**
 * Merges grants into the fewest statements that allow exactly the same. Resources with the same actions share a statement, so no
 * statement allows an action on another resource. Drops duplicates; the first grant names the statement. Only the first statement of a
 * group has a name, and none where the policy would be too large with them.
 */
function policyStatements(all: readonly Grant[], hasNames: boolean) {
  const groups = new Map<string, Group>();
  for (const { sid, action, resource, condition } of all) {
    const place = JSON.stringify([resource, condition]);
    const group = groups.get(place) ?? { sid, condition, resources: [resource], actions: [] };
    groups.set(place, { ...group, actions: [...new Set([...group.actions, action])] });
  }
  const merged = new Map<string, Group>();
  for (const group of groups.values()) {
    const key = JSON.stringify([group.actions.toSorted(), group.condition]);
    const same = merged.get(key);
    const resources = [...(same?.resources ?? []), ...group.resources];
    merged.set(key, { ...(same ?? group), resources });
  }
  const sids = [...new Set([...merged.values()].map(({ sid }) => sid))];
  return sids.flatMap((name) =>
    [...merged.values()]
      .filter(({ sid }) => sid === name)
      .map(({ actions, resources, condition }, index) => ({
        ...(hasNames && index === 0 && { Sid: name }),
        Effect: 'Allow',
        Action: oneOrMany(actions.toSorted()),
        Resource: oneOrMany(resources),
        ...(condition && { Condition: condition }),
      })),
  );
}

interface Group {
  readonly sid: string;
  readonly condition: Grant['condition'];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] as string) : values;
}
