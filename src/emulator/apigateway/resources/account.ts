import { read } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import { passRole, type ResourceProvider } from '../../kernel/resource-provider.ts';
import type { ApiStore } from '../store.ts';
import { pathArn } from './path-actions.ts';

/** AWS::ApiGateway::Account: the account's role for logs; a deletion does not change it (aws-resource-apigateway-account). */
export function accountProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::Account',
    mutable: 'CloudWatchRoleArn',
    actions: handlerActions('AWS::ApiGateway::Account', {
      on: (step) => pathArn(step, '/account'),
      at: {
        'iam:GetRole': ({ properties }) => [read.required(properties, 'CloudWatchRoleArn')],
        'iam:PassRole': ({ properties }) => [
          passRole(read.required(properties, 'CloudWatchRoleArn'), 'apigateway.amazonaws.com'),
        ],
      },
      when: { 'iam:GetRole': '+CloudWatchRoleArn', 'iam:PassRole': '+CloudWatchRoleArn' },
    }),
    put({ properties, context, physicalId = `${context.stackName}-${context.logicalId}` }) {
      store.cloudWatchRoleArn = read.string(properties, 'CloudWatchRoleArn');
      return { physicalId, attributes: { Id: physicalId } };
    },
    delete: () => undefined,
  };
}
