import type { ParameterValues } from '../../aws/stack-values.ts';
import type { OperationFlags } from '../deploy-flags.ts';
import { valueOrDefault } from '../settings/settings.ts';
import { apiArn, arnAt, type Grant, grants, namesOf, type PolicyPlace } from './grant.ts';
import { passRole } from './resource-grants.ts';

/** Calls that `deploy` and `key` make directly, without those of CloudFormation. */
export function deployGrants(place: PolicyPlace, parameters: ParameterValues, flags: OperationFlags): readonly Grant[] {
  const { roleArn, terminationProtection } = flags;
  // The agent may be in another account and Region.
  const { AgentRuntimeArn: agentArn, AccessLog: accessLog } = parameters;
  return [
    ...onStack(
      'DeployStack',
      place,
      'ContinueUpdateRollback CreateChangeSet DeleteChangeSet DeleteStack Describe* ExecuteChangeSet ListChangeSets ' +
        'ListStackResources RollbackStack',
    ),
    ...(terminationProtection !== undefined ? onStack('DeployStack', place, 'UpdateTerminationProtection') : []),
    // Why validation refused a change set: the events are asked for by the change set's ARN.
    ...grants('DeployStack', 'cloudformation:DescribeEvents', arnAt(place, 'cloudformation', 'changeSet/agentstream-*')),
    ...(agentArn ? grants('CheckFirst', 'bedrock-agentcore:GetAgentRuntime', agentArn) : []),
    ...grants('CheckFirst', 'lambda:GetAccountSettings', '*'),
    ...(accessLog === 'on' ? grants('CheckFirst', 'apigateway:GET', apiArn(place, '/account')) : []),
    ...(roleArn ? [passRole(roleArn, 'cloudformation.amazonaws.com')] : []),
    ...callGrants(place, parameters, ['POST/probe']),
  ];
}

/** Calls of the API: the proof at the end of a deploy, and turns. */
function callGrants(place: PolicyPlace, parameters: ParameterValues, paths: readonly string[]): Grant[] {
  const authMode = valueOrDefault(parameters, 'AuthMode');
  if (authMode === 'api-key') return grants('CallApi', 'apigateway:GET', apiArn(place, '/apikeys/*'));
  if (authMode !== 'iam') return [];
  // `v1` is the template's stage; AWS generates the id of the API.
  const arns = paths.map((path) => arnAt(place, 'execute-api', `*/v1/${path}`));
  return grants('CallApi', 'execute-api:Invoke', ...arns);
}

/** Calls of `invoke`, `chat`, `bench`, `status` and `logs`. */
export function runGrants(place: PolicyPlace, parameters: ParameterValues): readonly Grant[] {
  const hasKey = valueOrDefault(parameters, 'AuthMode') === 'api-key';
  return [
    ...onStack('RunTurns', place, 'Describe*'),
    ...callGrants(place, parameters, ['POST/invoke', 'DELETE/invoke', 'POST/probe']),
    ...grants('ReadBack', 'apigateway:GET', apiArn(place, '/restapis/*')),
    ...(hasKey ? grants('ReadBack', 'apigateway:GET', apiArn(place, '/usageplans')) : []),
    ...grants('ReadBack', 'lambda:Get*', arnAt(place, 'lambda', `function:${namesOf(place)}`)),
    ...grants('Logs', 'logs:FilterLogEvents', arnAt(place, 'logs', `log-group:${namesOf(place)}`)),
  ];
}

/** Calls that `destroy` makes directly. */
export function destroyGrants(place: PolicyPlace): readonly Grant[] {
  return onStack('DestroyStack', place, 'DeleteStack Describe* ListStackResources');
}

/** A stack's ARN ends with an id that AWS generates. `Describe*` reads the own stack alone, and leaves room in the policy. @param actions separated by spaces */
function onStack(sid: string, place: PolicyPlace, actions: string): Grant[] {
  const names = actions.split(' ').map((action) => `cloudformation:${action}`);
  return grants(sid, names, arnAt(place, 'cloudformation', `stack/${place.stackName}/*`));
}
