import type { Iam } from '../service.ts';
import { readPolicy } from '../policy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { read } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import {
  actionsOn,
  type Properties,
  type ProvisionedResource,
  type ResourceAction,
  type ResourceContext,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';

/** The actions of roles that support the condition key `iam:PermissionsBoundary` (service authorization reference of IAM). */
const BOUNDARY_ACTIONS: ReadonlySet<string> = new Set([
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
]);

/**
 * CloudFormation puts no tags of its own on roles. The condition of a call is the boundary that the role has, or gets by the call: a caller
 * who may change only bounded roles cannot take the boundary away.
 */
const ACTIONS = handlerActions('AWS::IAM::Role', {
  on: roleArn,
  at: Object.fromEntries([...BOUNDARY_ACTIONS].map((action) => [action, bounded])),
  when: {
    'iam:AttachRolePolicy': 'ManagedPolicyArns',
    'iam:DetachRolePolicy': 'ManagedPolicyArns',
    'iam:PutRolePolicy': 'Policies',
    'iam:DeleteRolePolicy': 'Policies',
    'iam:PutRolePermissionsBoundary': 'PermissionsBoundary',
    'iam:DeleteRolePermissionsBoundary': 'PermissionsBoundary',
    'iam:UpdateAssumeRolePolicy': 'AssumeRolePolicyDocument',
    'iam:UpdateRole': 'Description MaxSessionDuration',
    'iam:UpdateRoleDescription': 'Description',
  },
  // `handlers.read` of the schema: the new role is read back.
  also: {
    create: 'iam:ListAttachedRolePolicies iam:ListRolePolicies',
    update: 'iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies',
  },
});

function bounded(step: ResourceStep, action: string, handler: string): ResourceAction[] {
  const { properties, previous } = step;
  const isPut = action === 'iam:PutRolePermissionsBoundary';
  const isDelete = action === 'iam:DeleteRolePermissionsBoundary';
  if ((isPut || isDelete) && isPut !== (properties['PermissionsBoundary'] !== undefined)) return [];
  const boundary = read.string(handler === 'update' && !isPut ? previous : properties, 'PermissionsBoundary');
  const calls = actionsOn(roleArn(step), action);
  return boundary === undefined
    ? calls
    : calls.map((each) => ({ ...each, context: { 'iam:PermissionsBoundary': boundary } }));
}

/**
 * AWS::IAM::Role with inline policies. Managed policies and a boundary are kept as ARNs, and evaluated when the emulator knows them
 * (option `managedPolicies`).
 */
export function roleProvider(iam: Iam): ResourceProvider {
  const put = (name: string, properties: Properties, context: ResourceContext) => {
    const policies = read.objects(properties, 'Policies');
    const role = {
      name,
      arn: arn({ ...context, region: '' }, 'iam', `role/${name}`),
      trustPolicy: readPolicy(properties['AssumeRolePolicyDocument']),
      policies: new Map(
        policies.map((policy) => [read.required(policy, 'PolicyName'), readPolicy(policy['PolicyDocument'])]),
      ),
      managedPolicyArns: read.strings(properties, 'ManagedPolicyArns'),
      permissionsBoundary: read.string(properties, 'PermissionsBoundary'),
    };
    iam.putRole(role);
    return { physicalId: name, attributes: { Arn: role.arn, RoleId: `AROA${name}` } };
  };

  return {
    type: 'AWS::IAM::Role',
    createOnly: 'RoleName Path',
    mutable:
      'AssumeRolePolicyDocument Policies ManagedPolicyArns MaxSessionDuration PermissionsBoundary Description Tags',
    required: ['AssumeRolePolicyDocument'],
    actions: ACTIONS,
    async create(properties, context): Promise<ProvisionedResource> {
      const name = resourceName({ properties, context }, 'RoleName');
      if (iam.getRole(name)) throw new AwsError('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
      return put(name, properties, context);
    },
    update: async (physicalId, properties, _previous, context) => put(physicalId, properties, context),
    delete: async (physicalId) => iam.deleteRole(physicalId),
  };
}

function roleArn(step: ResourceStep): string {
  return arn({ ...step.context, region: '' }, 'iam', `role/${resourceName(step, 'RoleName')}`);
}
