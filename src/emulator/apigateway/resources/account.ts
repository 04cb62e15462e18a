import { readString } from '../../kernel/properties.ts';
import {
  passRole,
  type Properties,
  type ResourceAction,
  type ResourceActions,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import type { ApiStore } from '../store.ts';
import { onPath } from './path-actions.ts';

const ACTIONS: ResourceActions = { create: setRole, update: setRole, delete: () => [] };

/**
 * AWS::ApiGateway::Account: the role for logs of the whole account and Region. A second one overwrites the first, and deleting
 * it does not change the setting (user guide, aws-resource-apigateway-account).
 */
export function accountProvider(store: ApiStore): ResourceProvider {
  const put = (properties: Properties, physicalId: string) => {
    store.cloudWatchRoleArn = readString(properties, 'CloudWatchRoleArn');
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    type: 'AWS::ApiGateway::Account',
    properties: { CloudWatchRoleArn: 'mutable' },
    required: [],
    actions: ACTIONS,
    async create(properties, context) {
      return put(properties, `${context.stackName}-${context.logicalId}`);
    },
    async update(physicalId, properties) {
      return put(properties, physicalId);
    },
    async delete() {},
  };
}

function setRole(step: ResourceStep): ResourceAction[] {
  const roleArn = readString(step.properties, 'CloudWatchRoleArn');
  return [
    ...onPath(step, '/account', 'PATCH'),
    ...(roleArn ? [passRole(roleArn, 'apigateway.amazonaws.com')] : []),
  ];
}
