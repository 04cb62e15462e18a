import { arn } from '../../kernel/place.ts';
import { generatePhysicalName, read } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import type { Properties, ResourceProvider, ResourceStep } from '../../kernel/resource-provider.ts';
import { constraint, type FunctionDefinition } from '../function-properties.ts';
import type { Functions } from '../store.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { matches, matchesArn } from '../../iam/conditions.ts';

/** AWS::Lambda::Permission: one statement of a function's resource policy. `Ref` is its statement id. */
export function permissionProvider(functions: Functions, permissions: Map<string, Permission>): ResourceProvider {
  return {
    type: 'AWS::Lambda::Permission',
    createOnly: 'Action FunctionName Principal SourceAccount SourceArn',
    required: 'Action FunctionName Principal',
    actions: handlerActions('AWS::Lambda::Permission', { on: permittedFunction }),
    put({ properties, context }) {
      const action = read.required(properties, 'Action');
      // Pattern of Action in the API model of AddPermission.
      if (!/^(lambda:\*|lambda:[a-zA-Z]+|\*)$/.test(action))
        throw constraint('action', action, 'satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])');
      const permitted = functions.get(read.required(properties, 'FunctionName'));
      const statementId = generatePhysicalName(context, 100);
      permissions.set(statementId, readPermission(properties, action, statementId, permitted));
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

const INVOKE_ACTION = 'lambda:InvokeFunction';

/** One statement of a function's resource-based policy, as `AWS::Lambda::Permission` adds it. */
export type Permission = ReturnType<typeof readPermission>;

function readPermission(properties: Properties, action: string, statementId: string, permitted: FunctionDefinition) {
  return {
    statementId,
    functionName: permitted.name,
    functionArn: permitted.arn,
    action,
    /** A service, an account or an ARN; `*` is everyone. */
    principal: read.required(properties, 'Principal'),
    sourceArn: read.string(properties, 'SourceArn'),
    sourceAccount: read.string(properties, 'SourceAccount'),
  };
}

/** A service that invokes a function through its resource policy. */
export interface InvocationSource {
  /** For example `apigateway.amazonaws.com`. */
  readonly principal: string;
  readonly sourceArn: string;
}

/** Checks a service against the function's resource policy. @throws {AwsError} AccessDeniedException (403) */
export function authorizeSource(permissions: readonly Permission[], functionArn: string, source: InvocationSource): void {
  const allowed = permissions.some(
    (permission) =>
      permission.functionArn === functionArn &&
      matches(permission.action.toLowerCase(), INVOKE_ACTION.toLowerCase()) &&
      (permission.principal === '*' || permission.principal === source.principal) &&
      (permission.sourceArn === undefined || matchesArn(permission.sourceArn, source.sourceArn)) &&
      (permission.sourceAccount === undefined || permission.sourceAccount === source.sourceArn.split(':')[4]),
  );
  if (allowed) return;
  const message = `User: ${source.principal} is not authorized to perform: ${INVOKE_ACTION} on resource: ${functionArn} because no resource-based policy allows the ${INVOKE_ACTION} action`;
  throw new AwsError('AccessDeniedException', 403, message);
}

/** The policy document that GetPolicy returns. */
export function policyDocument(permissions: readonly Permission[]): object {
  return {
    Version: '2012-10-17',
    Id: 'default',
    Statement: permissions.map((permission) => ({
      Sid: permission.statementId,
      Effect: 'Allow',
      Principal: /\.amazonaws\.com(\.cn)?$/.test(permission.principal)
        ? { Service: permission.principal }
        : permission.principal === '*'
          ? '*'
          : { AWS: permission.principal },
      Action: permission.action,
      Resource: permission.functionArn,
      Condition: conditionOf(permission),
    })),
  };
}

function conditionOf({ sourceArn, sourceAccount }: Permission): object | undefined {
  if (sourceArn === undefined && sourceAccount === undefined) return undefined;
  return {
    StringEquals: sourceAccount === undefined ? undefined : { 'AWS:SourceAccount': sourceAccount },
    ArnLike: sourceArn === undefined ? undefined : { 'AWS:SourceArn': sourceArn },
  };
}
