import { AwsError } from '../../kernel/aws-error.ts';
import type { Iam } from '../../iam/service.ts';
import { passRole } from '../../kernel/resource-provider.ts';
import { arn, type Place } from '../../kernel/place.ts';
import type { Form } from '../../protocols/query.ts';
import { readText } from '../actions/form-members.ts';
import type { StackStore } from '../store.ts';

/** Actions that know no stack (service authorization reference of CloudFormation). */
const WITHOUT_STACK = new Set(['ListStacks', 'ValidateTemplate']);

/**
 * Checks a call of the CloudFormation API, and the permission to hand a service role over when it names one.
 * @throws {AwsError} AccessDenied (403), which is how the query protocol writes AccessDeniedException
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

/** ARN of the stack; of one that does not exist, or is found by its name alone, the end is not known. */
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
