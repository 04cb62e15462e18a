import type { Iam } from '../service.ts';
import { readPolicy } from '../policy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { arn } from '../../kernel/place.ts';
import { read, resourceName } from '../../kernel/properties.ts';
import { handlerActions } from '../../kernel/handler-actions.ts';
import type { Properties, ResourceAction, ResourceProvider, ResourceStep } from '../../kernel/resource-provider.ts';

/** The actions of roles that support the condition key `iam:PermissionsBoundary` (service authorization reference of IAM). */
const BOUNDARY_ACTIONS: ReadonlySet<string> = new Set(
  'AttachRolePolicy CreateRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy PutRolePermissionsBoundary PutRolePolicy'
    .split(' ')
    .map((name) => `iam:${name}`),
);

/** CloudFormation puts no tags of its own on roles. */
const ACTIONS = handlerActions('AWS::IAM::Role', {
  on: roleArn,
  when: {
    'iam:AttachRolePolicy': 'ManagedPolicyArns',
    'iam:DetachRolePolicy': 'ManagedPolicyArns',
    'iam:PutRolePolicy': 'Policies',
    'iam:DeleteRolePolicy': 'Policies',
    'iam:PutRolePermissionsBoundary': '+PermissionsBoundary',
    'iam:DeleteRolePermissionsBoundary': '-PermissionsBoundary',
    'iam:UpdateAssumeRolePolicy': 'AssumeRolePolicyDocument',
    'iam:UpdateRole': 'Description MaxSessionDuration',
    'iam:UpdateRoleDescription': 'Description',
  },
  // `handlers.read` of the schema: the role is read back.
  also: {
    create: 'iam:ListAttachedRolePolicies iam:ListRolePolicies',
    update: 'iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies',
  },
});

/** AWS::IAM::Role. Managed policies and the boundary are evaluated when the emulator knows them (option `managedPolicies`). */
export function roleProvider(iam: Iam): ResourceProvider {
  return {
    type: 'AWS::IAM::Role',
    createOnly: 'RoleName Path',
    mutable: 'AssumeRolePolicyDocument Policies ManagedPolicyArns MaxSessionDuration PermissionsBoundary Description Tags',
    required: 'AssumeRolePolicyDocument',
    actions: {
      ...ACTIONS,
      create: (step) => bounded(ACTIONS.create(step), step.properties, step),
      update: (step) => bounded(ACTIONS.update(step), step.previous, step),
      delete: (step) => bounded(ACTIONS.delete(step), step.properties, step),
    },
    put(step) {
      const { properties, physicalId } = step;
      const name = resourceName(step, 'RoleName');
      if (physicalId === undefined && iam.getRole(name))
        throw new AwsError('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
      const policies = read.objects(properties, 'Policies');
      const role = {
        name,
        arn: roleArn(step),
        trustPolicy: readPolicy(properties['AssumeRolePolicyDocument']),
        policies: new Map(policies.map((policy) => [read.required(policy, 'PolicyName'), readPolicy(policy['PolicyDocument'])])),
        managedPolicyArns: read.strings(properties, 'ManagedPolicyArns'),
        permissionsBoundary: read.string(properties, 'PermissionsBoundary'),
      };
      iam.putRole(role);
      return { physicalId: name, attributes: { Arn: role.arn, RoleId: `AROA${name}` } };
    },
    delete: ({ physicalId }) => iam.deleteRole(physicalId),
  };
}

/** Adds the boundary as a condition key: that of the role before the call, or the one that the call gives it. */
function bounded(actions: readonly ResourceAction[], role: Properties, { properties }: ResourceStep): ResourceAction[] {
  return actions.map((each) => {
    const owner = each.action === 'iam:PutRolePermissionsBoundary' ? properties : role;
    const boundary = read.string(owner, 'PermissionsBoundary');
    if (boundary === undefined || !BOUNDARY_ACTIONS.has(each.action)) return each;
    return { ...each, context: { 'iam:PermissionsBoundary': boundary } };
  });
}

function roleArn(step: ResourceStep): string {
  return arn({ ...step.context, region: '' }, 'iam', `role/${resourceName(step, 'RoleName')}`);
}
