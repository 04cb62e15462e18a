import { type CommandFacts, deployGrants, destroyGrants, runGrants } from './command-grants.ts';
import type { Grant } from './grant.ts';
import type { PolicyPlace } from './policy-place.ts';
import type { PolicyPurpose } from './policy-purpose.ts';
import { type PolicyStatement, policyStatements } from './policy-statements.ts';
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
