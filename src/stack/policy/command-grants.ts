import { apiArn, arnAt, type Grant, grants, namesOf, type PolicyPlace } from './grant.ts';
import { passRole } from './resource-grants.ts';

/** Settings that decide which calls the commands make. */
export interface CommandFacts {
  readonly authMode: string;
  /** The agent may be in another account and Region. */
  readonly agentArn: string | undefined;
  readonly hasAccessLog: boolean;
  /** Whether the deploy turns termination protection on or off. */
  readonly setsProtection: boolean;
  /** Service role that is passed to CloudFormation. */
  readonly roleArn: string | undefined;
}

/** Calls that `deploy` and `key` make directly, without those of CloudFormation. */
export function deployGrants(place: PolicyPlace, facts: CommandFacts): readonly Grant[] {
  const { authMode, agentArn, hasAccessLog, setsProtection, roleArn } = facts;
  return [
    ...onStack('DeployStack', place, [
      'ContinueUpdateRollback',
      'CreateChangeSet',
      'DeleteChangeSet',
      'DeleteStack',
      'Describe*',
      'ExecuteChangeSet',
      'ListChangeSets',
      'ListStackResources',
      'RollbackStack',
      ...(setsProtection ? ['UpdateTerminationProtection'] : []),
    ]),
    // Why validation refused a change set: the events are asked for by the change set's ARN.
    ...grants('DeployStack', 'cloudformation:DescribeEvents', arnAt(place, 'cloudformation', 'changeSet/agentstream-*')),
    ...(agentArn ? grants('CheckFirst', 'bedrock-agentcore:GetAgentRuntime', agentArn) : []),
    ...grants('CheckFirst', 'lambda:GetAccountSettings', '*'),
    ...(hasAccessLog ? grants('CheckFirst', 'apigateway:GET', apiArn(place, '/account')) : []),
    ...(roleArn ? [passRole(roleArn, 'cloudformation.amazonaws.com')] : []),
    ...callGrants(place, authMode, ['POST/probe']),
  ];
}

/** Calls of the API: the proof at the end of a deploy, and turns. */
function callGrants(place: PolicyPlace, authMode: string, paths: readonly string[]): Grant[] {
  if (authMode === 'api-key') return grants('CallApi', 'apigateway:GET', apiArn(place, '/apikeys/*'));
  if (authMode !== 'iam') return [];
  // `v1` is the template's stage; AWS generates the id of the API.
  const arns = paths.map((path) => arnAt(place, 'execute-api', `*/v1/${path}`));
  return grants('CallApi', 'execute-api:Invoke', ...arns);
}

/** Calls of `invoke`, `chat`, `bench`, `status` and `logs`. */
export function runGrants(place: PolicyPlace, { authMode }: CommandFacts): readonly Grant[] {
  return [
    ...onStack('RunTurns', place, ['Describe*']),
    ...callGrants(place, authMode, ['POST/invoke', 'DELETE/invoke', 'POST/probe']),
    ...grants('ReadBack', 'apigateway:GET', apiArn(place, '/restapis/*')),
    ...(authMode === 'api-key' ? grants('ReadBack', 'apigateway:GET', apiArn(place, '/usageplans')) : []),
    ...grants('ReadBack', 'lambda:Get*', arnAt(place, 'lambda', `function:${namesOf(place)}`)),
    ...grants('Logs', 'logs:FilterLogEvents', arnAt(place, 'logs', `log-group:${namesOf(place)}`)),
  ];
}

/** Calls that `destroy` makes directly. */
export function destroyGrants(place: PolicyPlace): readonly Grant[] {
  return onStack('DestroyStack', place, ['DeleteStack', 'Describe*', 'ListStackResources']);
}

/** A stack's ARN ends with an id that AWS generates. `Describe*` reads the own stack alone, and leaves room in the policy. */
function onStack(sid: string, place: PolicyPlace, actions: readonly string[]): Grant[] {
  const names = actions.map((action) => `cloudformation:${action}`);
  return grants(sid, names, arnAt(place, 'cloudformation', `stack/${place.stackName}/*`));
}
