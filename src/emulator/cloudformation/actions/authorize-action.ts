import { AwsError } from '../../kernel/aws-error.ts';
import type { Iam } from '../../iam/service.ts';
import { passRole } from '../../kernel/resource-provider.ts';
import { arn, type Place } from '../../kernel/place.ts';
import type { Form } from '../../protocols/query.ts';
import { readText } from './form-members.ts';
import type { StackStore } from '../store.ts';

/** Actions without a stack as their resource (service authorization reference of CloudFormation). */
const WITHOUT_STACK = new Set(['ListStacks', 'ValidateTemplate']);

/**
 * Checks that the caller may call an action and, when the request names a service role, pass that role.
 * @throws {AwsError} AccessDenied (403), the query protocol's code for AccessDeniedException
 */
export function authorizeAction(
  action: string,
  form: Form,
  accessKeyId: string,
  { iam, place, store }: { readonly iam: Iam; readonly place: Place; readonly store: StackStore },
): void {
  const authorize = (...facts: Parameters<Iam['authorize']>) => {
    try {
      iam.authorize(...facts);
    } catch (error) {
      if (error instanceof AwsError) throw new AwsError('AccessDenied', 403, error.message);
      throw error;
    }
  };
  authorize(accessKeyId, `cloudformation:${action}`, [resourceOf(action, form, place, store)]);
  const roleArn = readText(form, 'RoleARN');
  if (roleArn === undefined) return;
  const pass = passRole(roleArn, 'cloudformation.amazonaws.com');
  authorize(accessKeyId, pass.action, [pass.resource], pass.context);
}

/** ARN of the stack, with `*` for the end when the stack does not exist. */
function resourceOf(action: string, form: Form, place: Place, store: StackStore): string {
  if (WITHOUT_STACK.has(action) || (action === 'GetTemplateSummary' && form['TemplateBody']))
    return '*';
  const given = readText(form, 'StackName');
  if (given !== undefined) {
    const id = store.find(given)?.id ?? given;
    return id.startsWith('arn:') ? id : arn(place, 'cloudformation', `stack/${id}/*`);
  }
  const changeSet = readText(form, 'ChangeSetName');
  const stack = store
    .all()
    .find(({ changeSets }) => [...changeSets.values()].some(({ id }) => id === changeSet));
  return stack?.id ?? arn(place, 'cloudformation', 'stack/*/*');
}
