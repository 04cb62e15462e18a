import { read } from '../../kernel/properties.ts';
import { passRole, type ResourceProvider, type ResourceStep } from '../../kernel/resource-provider.ts';
import type { ApiStore } from '../store.ts';
import { onPath } from './path-actions.ts';

/**
 * AWS::ApiGateway::Account: the role for logs of the whole account and Region. A second one overwrites the first, and deleting
 * it does not change the setting (user guide, aws-resource-apigateway-account).
 */
export function accountProvider(store: ApiStore): ResourceProvider {
  const setRole = (step: ResourceStep) => {
    const roleArn = read.string(step.properties, 'CloudWatchRoleArn');
    return [...onPath(step, '/account', 'PATCH'), ...(roleArn ? [passRole(roleArn, 'apigateway.amazonaws.com')] : [])];
  };
  return {
    type: 'AWS::ApiGateway::Account',
    mutable: 'CloudWatchRoleArn',
    actions: { create: setRole, update: setRole, delete: () => [] },
    put({ properties, context, physicalId = `${context.stackName}-${context.logicalId}` }) {
      store.cloudWatchRoleArn = read.string(properties, 'CloudWatchRoleArn');
      return { physicalId, attributes: { Id: physicalId } };
    },
    delete: () => undefined,
  };
}
