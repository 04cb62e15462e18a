import { AwsError } from '../../kernel/aws-error.ts';
import { generatePhysicalName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { read } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import type { ResourceProvider, ResourceStep } from '../../kernel/resource-provider.ts';
import type { Functions } from '../store.ts';
import type { Permission } from '../resource-policy.ts';

/** Pattern of Action in the API model of AddPermission. */
const ACTION = /^(lambda:\*|lambda:[a-zA-Z]+|\*)$/;

/** AWS::Lambda::Permission: one statement of a function's resource policy. `Ref` is its statement id. */
export function permissionProvider(functions: Functions, permissions: Map<string, Permission>): ResourceProvider {
  return {
    type: 'AWS::Lambda::Permission',
    createOnly: 'Action FunctionName Principal SourceAccount SourceArn',
    required: ['Action', 'FunctionName', 'Principal'],
    actions: handlerActions('AWS::Lambda::Permission', { on: permittedFunction }),
    async create(properties, context) {
      const action = read.required(properties, 'Action');
      if (!ACTION.test(action)) {
        throw new AwsError(
          'ValidationException',
          400,
          `1 validation error detected: Value '${action}' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])`,
        );
      }
      const permitted = functions.get(read.required(properties, 'FunctionName'));
      const statementId = generatePhysicalName(context, 100);
      permissions.set(statementId, {
        statementId,
        functionName: permitted.name,
        functionArn: permitted.arn,
        action,
        principal: read.required(properties, 'Principal'),
        sourceArn: read.string(properties, 'SourceArn'),
        sourceAccount: read.string(properties, 'SourceAccount'),
      });
      return { physicalId: statementId, attributes: { Id: statementId } };
    },
    update: async (physicalId) => ({ physicalId, attributes: { Id: physicalId } }),
    delete: async (physicalId) => void permissions.delete(physicalId),
  };
}

/** A name, a partial ARN or an ARN. */
function permittedFunction({ properties, context }: ResourceStep): string {
  const given = read.required(properties, 'FunctionName');
  if (given.startsWith('arn:')) return given;
  return arn(context, 'lambda', `function:${given.slice(given.lastIndexOf(':') + 1)}`);
}
