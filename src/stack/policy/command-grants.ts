import { apiArn, arnAt, type Grant, grants, namesOf, type PolicyPlace } from './grant.ts';
import { passRole } from './resource-grants.ts';

/** What decides which calls the commands make. */
export interface CommandFacts {
  readonly authMode: string;
  /** Of the agent, which may be in another account and Region. */
  readonly agentArn: string | undefined;
  readonly hasCap: boolean;
  readonly hasAccessLog: boolean;
  /** Whether termination protection is turned on or off. */
  readonly setsProtection: boolean;
  /** Service role that is handed to CloudFormation. */
  readonly roleArn: string | undefined;
}

/** What `deploy` and `key` call themselves, beside what CloudFormation does for it. */
export function deployGrants(place: PolicyPlace, facts: CommandFacts): readonly Grant[] {
  const { authMode, agentArn, hasCap, hasAccessLog, setsProtection, roleArn } = facts;
  return [
    ...onStack('DeployStack', place, [
      'ContinueUpdateRollback',
      'CreateChangeSet',
      'DeleteChangeSet',
      'DeleteStack',
      'DescribeChangeSet',
      'DescribeEvents',
      'DescribeStackEvents',
      'DescribeStacks',
      'ExecuteChangeSet',
      'ListChangeSets',
      'ListStackResources',
      'RollbackStack',
      ...(setsProtection ? ['UpdateTerminationProtection'] : []),
    ]),
    ...(agentArn ? grants('CheckFirst', 'bedrock-agentcore:GetAgentRuntime', agentArn) : []),
    ...(hasCap ? grants('CheckFirst', 'lambda:GetAccountSettings', '*') : []),
    ...(hasAccessLog ? grants('CheckFirst', 'apigateway:GET', apiArn(place, '/account')) : []),
    ...(roleArn ? [passRole(roleArn, 'cloudformation.amazonaws.com')] : []),
    ...callGrants(place, authMode, ['POST/probe']),
  ];
}

/** To call the API: the proof at the end of a deploy, and turns. */
function callGrants(place: PolicyPlace, authMode: string, paths: readonly string[]): Grant[] {
  if (authMode === 'api-key')
    return grants('CallApi', 'apigateway:GET', apiArn(place, '/apikeys/*'));
  if (authMode !== 'iam') return [];
  // The stage of the template; the id of the API is made up by AWS.
  const arns = paths.map((path) => arnAt(place, 'execute-api', `*/v1/${path}`));
  return grants('CallApi', 'execute-api:Invoke', ...arns);
}

/** What `invoke`, `chat`, `bench`, `status` and `logs` call. */
export function runGrants(place: PolicyPlace, { authMode }: CommandFacts): readonly Grant[] {
  return [
    ...onStack('RunTurns', place, ['DescribeStacks']),
    ...callGrants(place, authMode, ['POST/invoke', 'DELETE/invoke', 'POST/probe']),
    ...grants('ReadBack', 'apigateway:GET', apiArn(place, '/restapis/*')),
    ...(authMode === 'api-key'
      ? grants('ReadBack', 'apigateway:GET', apiArn(place, '/usageplans'))
      : []),
    ...grants(
      'ReadBack',
      'lambda:GetFunction',
      arnAt(place, 'lambda', `function:${namesOf(place)}`),
    ),
    ...grants('Logs', 'logs:FilterLogEvents', arnAt(place, 'logs', `log-group:${namesOf(place)}`)),
  ];
}

/** What `destroy` calls itself. */
export function destroyGrants(place: PolicyPlace): readonly Grant[] {
  return onStack('DestroyStack', place, [
    'DeleteStack',
    'DescribeStackEvents',
    'DescribeStacks',
    'ListStackResources',
  ]);
}

/** A stack's ARN ends with an id that only AWS knows. */
function onStack(sid: string, place: PolicyPlace, actions: readonly string[]): Grant[] {
  const names = actions.map((action) => `cloudformation:${action}`);
  return grants(sid, names, arnAt(place, 'cloudformation', `stack/${place.stackName}/*`));
}
