import { AwsError } from '../../kernel/aws-error.ts';
import { generatePhysicalName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { readList, readString, requireString } from '../../kernel/properties.ts';
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceProvider,
} from '../../kernel/resource-provider.ts';
import type { Iam } from '../iam.ts';
import { ROLE_ACTIONS } from '../resource-actions.ts';
import { readPolicy } from '../read-policy.ts';

/**
 * AWS::IAM::Role with inline policies. Managed policies and a boundary are kept by their ARNs, and evaluated when the emulator was
 * given them (`managedPolicies`).
 */
export function roleProvider(iam: Iam): ResourceProvider {
  const put = (name: string, properties: Properties, context: ResourceContext) => {
    const policies = (readList(properties, 'Policies') ?? []) as Properties[];
    const role = {
      name,
      arn: arn({ ...context, region: '' }, 'iam', `role/${name}`),
      trustPolicy: readPolicy(properties['AssumeRolePolicyDocument']),
      policies: new Map(
        policies.map((policy) => [
          requireString(policy, 'PolicyName'),
          readPolicy(policy['PolicyDocument']),
        ]),
      ),
      managedPolicyArns: (readList(properties, 'ManagedPolicyArns') ?? []).map(String),
      permissionsBoundary: readString(properties, 'PermissionsBoundary'),
    };
    iam.putRole(role);
    return { physicalId: name, attributes: { Arn: role.arn, RoleId: `AROA${name}` } };
  };

  return {
    type: 'AWS::IAM::Role',
    properties: {
      RoleName: 'create-only',
      Path: 'create-only',
      AssumeRolePolicyDocument: 'mutable',
      Policies: 'mutable',
      ManagedPolicyArns: 'mutable',
      MaxSessionDuration: 'mutable',
      PermissionsBoundary: 'mutable',
      Description: 'mutable',
      Tags: 'mutable',
    },
    required: ['AssumeRolePolicyDocument'],
    actions: ROLE_ACTIONS,
    async create(properties, context): Promise<ProvisionedResource> {
      const name = readString(properties, 'RoleName') ?? generatePhysicalName(context);
      if (iam.getRole(name))
        throw new AwsError('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
      return put(name, properties, context);
    },
    async update(physicalId, properties, _previous, context) {
      return put(physicalId, properties, context);
    },
    async delete(physicalId) {
      iam.deleteRole(physicalId);
    },
  };
}
