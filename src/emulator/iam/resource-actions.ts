import { generatePhysicalName } from '../kernel/physical-name.ts';
import { arn } from '../kernel/place.ts';
import { readString } from '../kernel/properties.ts';
import {
  actionsOn,
  isChanged,
  type Properties,
  type ResourceAction,
  type ResourceActions,
  type ResourceContext,
  type ResourceStep,
} from '../kernel/resource-provider.ts';

const READS = [
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
];

/** Of AWS::IAM::Role. IAM asks for TagRole only when there are tags: CloudFormation puts none of its own on roles. */
export const ROLE_ACTIONS: ResourceActions = {
  create: (step) =>
    on(step, step.properties, [
      'iam:CreateRole',
      ...READS,
      ...(step.properties['Policies'] ? ['iam:PutRolePolicy'] : []),
      ...(step.properties['ManagedPolicyArns'] ? ['iam:AttachRolePolicy'] : []),
      ...(step.hasStackTags || step.properties['Tags'] ? ['iam:TagRole'] : []),
    ]),
  // In which order its handler makes the calls is not documented. Here the boundary comes last: the policies are those of the role
  // as it was, so that nobody gets by who may change only bounded roles.
  update: (step) => [
    ...on(step, step.previous, [
      ...READS,
      ...(isChanged(step, 'AssumeRolePolicyDocument') ? ['iam:UpdateAssumeRolePolicy'] : []),
      ...(isChanged(step, 'Description', 'MaxSessionDuration') ? ['iam:UpdateRole'] : []),
      ...(isChanged(step, 'Policies') ? ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'] : []),
      ...(isChanged(step, 'ManagedPolicyArns')
        ? ['iam:AttachRolePolicy', 'iam:DetachRolePolicy']
        : []),
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
};

/** Actions that know `iam:PermissionsBoundary` (service authorization reference of IAM); of a role, as far as they are asked for here. */
const KNOW_BOUNDARY: ReadonlySet<string> = new Set([
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
]);

/** @param role whose boundary the calls are asked about: the one that it has, or that it gets by the call */
function on(step: ResourceStep, role: Properties, actions: readonly string[]): ResourceAction[] {
  const boundary = readString(role, 'PermissionsBoundary');
  return actionsOn(roleArn(step, step.context), ...actions).map((each) =>
    boundary !== undefined && KNOW_BOUNDARY.has(each.action)
      ? { ...each, context: { 'iam:PermissionsBoundary': boundary } }
      : each,
  );
}

function roleArn({ physicalId, properties }: ResourceStep, context: ResourceContext): string {
  const name = physicalId ?? readString(properties, 'RoleName') ?? generatePhysicalName(context);
  return arn({ ...context, region: '' }, 'iam', `role/${name}`);
}

function boundaryActions(step: ResourceStep): ResourceAction[] {
  if (!isChanged(step, 'PermissionsBoundary')) return [];
  return step.properties['PermissionsBoundary']
    ? on(step, step.properties, ['iam:PutRolePermissionsBoundary'])
    : on(step, step.previous, ['iam:DeleteRolePermissionsBoundary']);
}
