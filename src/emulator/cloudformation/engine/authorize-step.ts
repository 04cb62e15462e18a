import { randomUUID } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import { accessDenied } from '../../iam/identity.ts';
import type {
  ResourceActions,
  ResourceContext,
  ResourceProvider,
  ResourceStep,
} from '../../kernel/resource-provider.ts';
import type { EngineContext } from './stack-operation.ts';
import type { Stack } from './stack.ts';

/**
 * Checks the IAM actions behind a step of a resource against the policies of the stack's service role, or of whoever began the
 * operation, and tells of each.
 * @throws {AwsError} AccessDenied (403) for the first that is not allowed, as it stands in the status of a resource
 */
export function authorizeStep(
  { iam, emit }: EngineContext,
  stack: Stack,
  provider: ResourceProvider,
  kind: keyof ResourceActions,
  context: ResourceContext,
  facts: Pick<ResourceStep, 'physicalId' | 'properties' | 'previous'>,
): void {
  const identity = stack.roleArn === undefined ? stack.caller : iam?.identityOfRole(stack.roleArn);
  if (!iam || !identity) return;
  const hasStackTags = (stack.definition?.tags ?? []).length > 0;
  const actions = provider.actions?.[kind]?.({ ...facts, context, hasStackTags }) ?? [];
  for (const { action, resource, context: conditions } of actions) {
    const decision = iam.decide(identity, action, resource, conditions);
    const allowed = decision === 'allow';
    emit?.({ type: 'resource-call', caller: identity.arn, action, resource, allowed });
    if (allowed) continue;
    const { message } = accessDenied(identity, action, resource, decision);
    throw new AwsError('AccessDenied', 403, handlerMessage(action, message));
  }
}

/** As users report what stands in the status of a resource whose handler was refused. */
function handlerMessage(action: string, message: string): string {
  const service = action.slice(0, action.indexOf(':'));
  const cause = `${message} (Service: ${service}, Status Code: 403, Request ID: ${randomUUID()})`;
  return `Resource handler returned message: "${cause}" (RequestToken: ${randomUUID()}, HandlerErrorCode: AccessDenied)`;
}
