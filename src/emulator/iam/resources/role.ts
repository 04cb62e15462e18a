import type { Iam } from '../service.ts';
import { readPolicy } from '../policy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import { resourceName } from '../../kernel/physical-name.ts';
import { arn } from '../../kernel/place.ts';
import { read } from '../../kernel/properties.ts';
import {
  actionsOn,
  isChanged,
  type Properties,
  type ProvisionedResource,
  type ResourceAction,
  type ResourceContext,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';

const READS = ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'];

/** The role actions above that support the condition key `iam:PermissionsBoundary` (service authorization reference of IAM). */
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
    // IAM asks for TagRole only when there are tags: CloudFormation puts none of its own on roles.
    actions: {
      create: (step) =>
        on(step, step.properties, [
          'iam:CreateRole',
          ...READS,
          ...(step.properties['Policies'] ? ['iam:PutRolePolicy'] : []),
          ...(step.properties['ManagedPolicyArns'] ? ['iam:AttachRolePolicy'] : []),
          ...(step.hasStackTags || step.properties['Tags'] ? ['iam:TagRole'] : []),
        ]),
      // AWS does not document the order in which the handler makes its calls. Here the boundary comes last: the other calls are checked
      // with the boundary that the role has, so a caller who may change only bounded roles cannot take the boundary away first.
      update: (step) => [
        ...on(step, step.previous, [
          ...READS,
          ...(isChanged(step, 'AssumeRolePolicyDocument') ? ['iam:UpdateAssumeRolePolicy'] : []),
          ...(isChanged(step, 'Description', 'MaxSessionDuration') ? ['iam:UpdateRole'] : []),
          ...(isChanged(step, 'Policies') ? ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'] : []),
          ...(isChanged(step, 'ManagedPolicyArns') ? ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'] : []),
          ...(isChanged(step, 'Tags') ? ['iam:TagRole', 'iam:UntagRole'] : []),
        ]),
        ...boundaryActions(step),
      ],
      delete: (step) =>
        on(step, step.properties, [
          'iam:DeleteRole',
          'iam:GetRole',
          'iam:ListAttachedRolePolicies',
          'iam:ListRolePolicies',
          ...(step.properties['Policies'] ? ['iam:DeleteRolePolicy'] : []),
          ...(step.properties['ManagedPolicyArns'] ? ['iam:DetachRolePolicy'] : []),
        ]),
      tag: (step) => on(step, step.properties, ['iam:TagRole', 'iam:UntagRole']),
    },
    async create(properties, context): Promise<ProvisionedResource> {
      const name = resourceName({ properties, context }, 'RoleName');
      if (iam.getRole(name)) throw new AwsError('EntityAlreadyExists', 409, `Role with name ${name} already exists.`);
      return put(name, properties, context);
    },
    update: async (physicalId, properties, _previous, context) => put(physicalId, properties, context),
    delete: async (physicalId) => iam.deleteRole(physicalId),
  };
}

/** @param role the properties whose boundary is the condition of the calls: those that the role has, or gets by the call */
function on(step: ResourceStep, role: Properties, actions: readonly string[]): ResourceAction[] {
  const boundary = read.string(role, 'PermissionsBoundary');
  return actionsOn(roleArn(step), ...actions).map((each) =>
    boundary !== undefined && BOUNDARY_ACTIONS.has(each.action)
      ? { ...each, context: { 'iam:PermissionsBoundary': boundary } }
      : each,
  );
}

function roleArn(step: ResourceStep): string {
  return arn({ ...step.context, region: '' }, 'iam', `role/${resourceName(step, 'RoleName')}`);
}

function boundaryActions(step: ResourceStep): ResourceAction[] {
  if (!isChanged(step, 'PermissionsBoundary')) return [];
  return step.properties['PermissionsBoundary']
    ? on(step, step.properties, ['iam:PutRolePermissionsBoundary'])
    : on(step, step.previous, ['iam:DeleteRolePermissionsBoundary']);
}
