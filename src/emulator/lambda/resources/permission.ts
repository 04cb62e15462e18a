import { AwsError } from '../../kernel/aws-error.ts';
import { generatePhysicalName } from '../../kernel/physical-name.ts';
import { readString, requireString } from '../../kernel/properties.ts';
import type { ResourceProvider } from '../../kernel/resource-provider.ts';
import type { Functions } from '../functions.ts';
import { PERMISSION_ACTIONS } from '../resource-actions.ts';
import type { Permission } from '../resource-policy.ts';

/** Pattern of Action in the API model of AddPermission. */
const ACTION = /^(lambda:\*|lambda:[a-zA-Z]+|\*)$/;

/** AWS::Lambda::Permission: one statement of a function's resource policy. `Ref` is its statement id. */
export function permissionProvider(
  functions: Functions,
  permissions: Map<string, Permission>,
): ResourceProvider {
  return {
    type: 'AWS::Lambda::Permission',
    properties: {
      Action: 'create-only',
      FunctionName: 'create-only',
      Principal: 'create-only',
      SourceAccount: 'create-only',
      SourceArn: 'create-only',
    },
    required: ['Action', 'FunctionName', 'Principal'],
    actions: PERMISSION_ACTIONS,
    async create(properties, context) {
      const action = requireString(properties, 'Action');
      if (!ACTION.test(action)) {
        throw new AwsError(
          'ValidationException',
          400,
          `1 validation error detected: Value '${action}' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])`,
        );
      }
      const { name, arn } = functions.get(requireString(properties, 'FunctionName'));
      const statementId = generatePhysicalName(context, 100);
      permissions.set(statementId, {
        statementId,
        functionName: name,
        functionArn: arn,
        action,
        principal: requireString(properties, 'Principal'),
        sourceArn: readString(properties, 'SourceArn'),
        sourceAccount: readString(properties, 'SourceAccount'),
      });
      return { physicalId: statementId, attributes: { Id: statementId } };
    },
    async update(physicalId) {
      return { physicalId, attributes: { Id: physicalId } };
    },
    async delete(physicalId) {
      permissions.delete(physicalId);
    },
  };
}
