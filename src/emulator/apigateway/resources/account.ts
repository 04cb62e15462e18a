import { read } from '../../kernel/properties.ts';
import {
  passRole,
  type Properties,
  type ResourceAction,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import type { ApiStore } from '../store.ts';
import { onPath } from './path-actions.ts';

/**
 * AWS::ApiGateway::Account: the role for logs of the whole account and Region. A second one overwrites the first, and deleting
 * it does not change the setting (user guide, aws-resource-apigateway-account).
 */
export function accountProvider(store: ApiStore): ResourceProvider {
  const put = (properties: Properties, physicalId: string) => {
    store.cloudWatchRoleArn = read.string(properties, 'CloudWatchRoleArn');
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    type: 'AWS::ApiGateway::Account',
    mutable: 'CloudWatchRoleArn',
    required: [],
    actions: { create: setRole, update: setRole, delete: () => [] },
    create: async (properties, context) => put(properties, `${context.stackName}-${context.logicalId}`),
    update: async (physicalId, properties) => put(properties, physicalId),
    async delete() {},
  };
}

function setRole(step: ResourceStep): ResourceAction[] {
  const roleArn = read.string(step.properties, 'CloudWatchRoleArn');
  return [...onPath(step, '/account', 'PATCH'), ...(roleArn ? [passRole(roleArn, 'apigateway.amazonaws.com')] : [])];
}
