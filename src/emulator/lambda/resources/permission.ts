import { arn } from '../../kernel/place.ts';
import { generatePhysicalName, read } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import type { ResourceProvider, ResourceStep } from '../../kernel/resource-provider.ts';
import { constraint } from '../function-properties.ts';
import type { Functions } from '../store.ts';
import type { Permission } from '../resource-policy.ts';

/** AWS::Lambda::Permission: one statement of a function's resource policy. `Ref` is its statement id. */
export function permissionProvider(functions: Functions, permissions: Map<string, Permission>): ResourceProvider {
  return {
    type: 'AWS::Lambda::Permission',
    createOnly: 'Action FunctionName Principal SourceAccount SourceArn',
    required: 'Action FunctionName Principal',
    actions: handlerActions('AWS::Lambda::Permission', { on: permittedFunction }),
    put({ physicalId, properties, context }) {
      if (physicalId !== undefined) return { physicalId, attributes: { Id: physicalId } };
      const action = read.required(properties, 'Action');
      // Pattern of Action in the API model of AddPermission.
      if (!/^(lambda:\*|lambda:[a-zA-Z]+|\*)$/.test(action))
        throw constraint('action', action, 'satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])');
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
    delete: ({ physicalId }) => void permissions.delete(physicalId),
  };
}

/** A name, a partial ARN or an ARN. */
function permittedFunction({ properties, context }: ResourceStep): string {
  const given = read.required(properties, 'FunctionName');
  if (given.startsWith('arn:')) return given;
  return arn(context, 'lambda', `function:${given.slice(given.lastIndexOf(':') + 1)}`);
}
