import { generatePhysicalName } from '../physical-name.ts';
import { arn } from '../place.ts';
import { readString } from '../properties.ts';
import {
  actionsOn,
  isChanged,
  type ResourceAction,
  type ResourceActions,
  type ResourceStep,
} from '../resource-actions.ts';
import type { ResourceContext } from '../resource-provider.ts';

const READS = [
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
];

/** Of AWS::IAM::Role. IAM asks for TagRole only when there are tags: CloudFormation puts none of its own on roles. */
export const ROLE_ACTIONS: ResourceActions = {
  create: (step) =>
    on(step, [
      'iam:CreateRole',
      ...READS,
      ...(step.properties['Policies'] ? ['iam:PutRolePolicy'] : []),
      ...(step.properties['ManagedPolicyArns'] ? ['iam:AttachRolePolicy'] : []),
      ...(step.hasStackTags || step.properties['Tags'] ? ['iam:TagRole'] : []),
    ]),
  update: (step) =>
    on(step, [
      ...READS,
      ...(isChanged(step, 'AssumeRolePolicyDocument') ? ['iam:UpdateAssumeRolePolicy'] : []),
      ...(isChanged(step, 'Description', 'MaxSessionDuration') ? ['iam:UpdateRole'] : []),
      ...(isChanged(step, 'Policies') ? ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'] : []),
      ...(isChanged(step, 'ManagedPolicyArns')
        ? ['iam:AttachRolePolicy', 'iam:DetachRolePolicy']
        : []),
      ...boundaryActions(step),
      ...(isChanged(step, 'Tags') ? ['iam:TagRole', 'iam:UntagRole'] : []),
    ]),
  delete: (step) =>
    on(step, [
      'iam:DeleteRole',
      'iam:GetRole',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      ...(step.properties['Policies'] ? ['iam:DeleteRolePolicy'] : []),
      ...(step.properties['ManagedPolicyArns'] ? ['iam:DetachRolePolicy'] : []),
    ]),
  tag: (step) => on(step, ['iam:TagRole', 'iam:UntagRole']),
};

/** What it takes to give a role to a service (IAM user guide, "Grant a user permissions to pass a role to an AWS service"). */
export function passRole(roleArn: string, service: string): ResourceAction {
  return {
    action: 'iam:PassRole',
    resource: roleArn,
    context: { 'iam:PassedToService': service },
  };
}

function on(step: ResourceStep, actions: readonly string[]): ResourceAction[] {
  return actionsOn(roleArn(step, step.context), ...actions);
}

function roleArn({ physicalId, properties }: ResourceStep, context: ResourceContext): string {
  const name = physicalId ?? readString(properties, 'RoleName') ?? generatePhysicalName(context);
  return arn({ ...context, region: '' }, 'iam', `role/${name}`);
}

function boundaryActions(step: ResourceStep): string[] {
  if (!isChanged(step, 'PermissionsBoundary')) return [];
  return step.properties['PermissionsBoundary']
    ? ['iam:PutRolePermissionsBoundary']
    : ['iam:DeleteRolePermissionsBoundary'];
}
