import { AwsError } from '../../kernel/aws-error.ts';
import type { Template } from './template.ts';

/** IAM resource types and the property that names them (API reference, CreateStack, Capabilities). */
const NAME_PROPERTY: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::AccessKey': undefined,
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': undefined,
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': undefined,
};

/**
 * The capabilities that a caller must acknowledge; conditions of the template do not matter.
 * @returns `reason`: the sentence that names the resource types which require them; absent when none are required
 */
export function requiredCapabilities(template: Template): { readonly capabilities: readonly string[]; readonly reason?: string } {
  const iam = [...template.resources.values()].filter(({ type }) => Object.hasOwn(NAME_PROPERTY, type));
  if (iam.length === 0) return { capabilities: [] };
  const named = iam.some(({ type, properties }) => {
    const property = NAME_PROPERTY[type];
    return property !== undefined && properties[property] !== undefined;
  });
  const types = [...new Set(iam.map(({ type }) => type))];
  return {
    capabilities: [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'],
    reason: `The following resource(s) require capabilities: [${types.join(', ')}]`,
  };
}

/** @throws {AwsError} InsufficientCapabilitiesException (400) that names the missing capabilities */
export function checkCapabilities(template: Template, acknowledged: readonly string[]): void {
  // CAPABILITY_NAMED_IAM includes CAPABILITY_IAM.
  const missing = requiredCapabilities(template).capabilities.filter(
    (capability) => !acknowledged.includes(capability) && !acknowledged.includes('CAPABILITY_NAMED_IAM'),
  );
  if (missing.length > 0)
    throw new AwsError('InsufficientCapabilitiesException', 400, `Requires capabilities : [${missing.join(', ')}]`);
}
