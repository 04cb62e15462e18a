import { type CommandFacts, deployGrants, destroyGrants, runGrants } from './command-grants.ts';
import type { Grant, PolicyPlace, PolicyPurpose } from './grant.ts';
import type { TemplateSections } from '../../templates/prepared-template.ts';
import type { ParameterValues } from '../../aws/stack-values.ts';
import { resolveTemplate } from './resolve-template.ts';
import { resourceGrants } from './resource-grants.ts';

/** Characters of a managed policy, without white space (IAM user guide, "IAM and AWS STS quotas"). */
export const MAX_POLICY_CHARACTERS = 6_144;

export interface IamPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface IamPolicyInput {
  readonly place: Omit<PolicyPlace, 'domainName'>;
  readonly template: TemplateSections;
  /** A value that is undefined has the template's default. */
  readonly parameters: ParameterValues;
  readonly setsProtection: boolean;
  /** With a service role of CloudFormation, the permissions for resources are that role's, and not the caller's. */
  readonly roleArn: string | undefined;
  /** All, when empty. */
  readonly purposes: readonly PolicyPurpose[];
}

/**
 * The smallest policy with which these commands work on a stack with these settings: what CloudFormation does for the resources that
 * the template has then, and what the commands call themselves.
 */
export function iamPolicy(input: IamPolicyInput): IamPolicy {
  const { parameters, template, purposes, roleArn, setsProtection } = input;
  const place = { ...input.place, domainName: parameters['DomainName'] ?? '' };
  const pseudo = {
    'AWS::AccountId': place.accountId,
    'AWS::Partition': place.partition,
    'AWS::Region': place.region,
    'AWS::StackName': place.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const resources = resolveTemplate(template, parameters, pseudo);
  const needed = roleArn === undefined ? resources : [];
  const all = needed.map((resource) => resourceGrants(resource, place));
  const facts: CommandFacts = {
    authMode: parameters['AuthMode'] ?? 'api-key',
    agentArn: parameters['AgentRuntimeArn'],
    hasCap: Number(parameters['MaxConcurrency'] ?? 0) > 0,
    hasAccessLog: parameters['AccessLog'] === 'on',
    setsProtection,
    roleArn,
  };
  const is = (purpose: PolicyPurpose) => purposes.length === 0 || purposes.includes(purpose);
  const made: readonly Grant[] = [
    ...(is('deploy') ? deployGrants(place, facts) : []),
    ...(is('deploy') ? all.flatMap(({ change }) => change) : []),
    ...(is('deploy') || is('destroy') ? all.flatMap(({ remove }) => remove) : []),
    ...(is('run') ? runGrants(place, facts) : []),
    ...(is('destroy') ? destroyGrants(place) : []),
  ];
  return { Version: '2012-10-17', Statement: policyStatements(made) };
}

/** A statement of an IAM policy. */
interface PolicyStatement {
  /** Of the first of several that belong together: names take room, of which a policy has little. */
  readonly Sid?: string;
  readonly Effect: 'Allow';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Grant['condition'];
}

/**
 * As few statements as say exactly what the grants say: resources with the same actions stand together, so that no statement gives an
 * action on a resource that was not asked for. What is granted twice counts once, and a statement is named after what came first in it.
 */
function policyStatements(all: readonly Grant[]): readonly PolicyStatement[] {
  const groups = new Map<string, Group>();
  for (const grant of all.filter(isFirst)) {
    const place = JSON.stringify([grant.resource, grant.condition]);
    const group = groups.get(place) ?? { ...grant, resources: [grant.resource], actions: [] };
    groups.set(place, { ...group, actions: [...group.actions, grant.action] });
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
        ...(index === 0 && { Sid: name }),
        Effect: 'Allow',
        Action: oneOrMany(actions.toSorted()),
        Resource: oneOrMany(resources),
        ...(condition && { Condition: condition }),
      })),
  );
}

interface Group extends Omit<Grant, 'action' | 'resource'> {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

function isFirst(grant: Grant, index: number, all: readonly Grant[]): boolean {
  const isSame = ({ action, resource, condition }: Grant) =>
    action === grant.action &&
    resource === grant.resource &&
    JSON.stringify(condition) === JSON.stringify(grant.condition);
  return all.findIndex(isSame) === index;
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] as string) : values;
}
