import { API_GATEWAY_GRANTS } from './api-gateway-grants.ts';
import {
  arnAt,
  bothNamesOf,
  globalArn,
  type Grant,
  grants,
  namesOf,
  type PolicyPlace,
  type GrantsOf,
  type ResourceGrants,
} from './grant.ts';
import { type TemplateResource, textOf } from './resolve-template.ts';

/** Logical id of the template's web ACL, which an association names only by its ARN. */
const OWN_WEB_ACL = 'WebAcl';

/**
 * Permissions by type, from the handlers in the CloudFormation registry schemas, without those for properties that the template never
 * sets (encryption keys, S3, VPCs, code signing) or never changes. Resources are from the service authorization reference.
 */
const GRANTS: Readonly<Record<string, GrantsOf>> = {
  ...API_GATEWAY_GRANTS,
  'AWS::Logs::LogGroup': (_, place) => {
    // No resource type in the service authorization reference: a policy can only name all.
    const list = grants('DeployLogs', 'logs:DescribeLogGroups', '*');
    const on = (...actions: string[]) => grants('DeployLogs', actions, logGroup(place));
    return {
      change: [
        ...list,
        ...on('logs:CreateLogGroup', 'logs:GetDataProtectionPolicy', 'logs:PutRetentionPolicy', 'logs:TagResource'),
        ...(place.isTagged ? on('logs:UntagResource') : []),
      ],
      remove: [...list, ...on('logs:DeleteLogGroup')],
    };
  },
  'AWS::Logs::MetricFilter': (_, place) => {
    const on = (...actions: string[]) => grants('DeployLogs', actions, logGroup(place));
    return { change: on('logs:DescribeMetricFilters', 'logs:PutMetricFilter'), remove: on('logs:DeleteMetricFilter') };
  },
  'AWS::IAM::Role': ({ properties }, place) => {
    const boundary = textOf(properties['PermissionsBoundary']);
    const on = (...actions: string[]) => grants('DeployRole', actions, role(place));
    const bounded = (...actions: string[]) => onBounded(boundary, role(place), actions);
    const reads = ['iam:GetRole', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'];
    return {
      change: [
        ...on('iam:GetRolePolicy', ...reads),
        ...bounded('iam:CreateRole', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy'),
        ...(boundary ? bounded('iam:PutRolePermissionsBoundary') : []),
        ...(place.isTagged ? on('iam:TagRole', 'iam:UntagRole') : []),
      ],
      remove: [...on('iam:DeleteRole', ...reads), ...bounded('iam:DeleteRolePolicy')],
    };
  },
  'AWS::Lambda::Function': ({ properties }, place) => {
    const on = (...actions: string[]) => grants('DeployFunction', actions, fn(place));
    return {
      change: [
        ...on('lambda:CreateFunction', 'lambda:Get*', 'lambda:TagResource'),
        ...on('lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'),
        ...(properties['ReservedConcurrentExecutions'] === undefined
          ? []
          : on('lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency')),
        ...(place.isTagged ? on('lambda:ListTags', 'lambda:UntagResource') : []),
        passRole(role(place), 'lambda.amazonaws.com'),
      ],
      remove: on('lambda:DeleteFunction', 'lambda:Get*'),
    };
  },
  'AWS::Lambda::Permission': ({ properties }, place) => {
    const given = textOf(properties['FunctionName']);
    const on = (action: string) => grants('DeployFunction', action, given === '*' ? fn(place) : given);
    return { change: on('lambda:AddPermission'), remove: on('lambda:RemovePermission') };
  },
  'AWS::WAFv2::WebACL': ({ logicalId }, place) => {
    const on = (...actions: string[]) => grants('DeployWaf', actions, ...webAcls(place, logicalId));
    const makes = ['wafv2:CreateWebACL', 'wafv2:UpdateWebACL'];
    return {
      change: [
        ...on(...makes, 'wafv2:GetWebACL', 'wafv2:ListTagsForResource', 'wafv2:TagResource'),
        ...(place.isTagged ? on('wafv2:UntagResource') : []),
        ...grants('DeployWaf', makes, arnAt(place, 'wafv2', 'regional/managedruleset/*/*')),
      ],
      remove: on('wafv2:DeleteWebACL', 'wafv2:GetWebACL'),
    };
  },
  'AWS::WAFv2::WebACLAssociation': ({ properties }, place) => {
    const given = textOf(properties['WebACLArn']);
    const acls = given === '*' ? webAcls(place, OWN_WEB_ACL) : [given];
    const stage = textOf(properties['ResourceArn']);
    const on = (...actions: string[]) => [
      ...grants('DeployWaf', [...actions, 'wafv2:GetWebACL'], ...acls, stage),
      ...grants('DeployWaf', ['apigateway:SetWebACL', 'wafv2:GetWebACLForResource'], stage),
    ];
    return { change: on('wafv2:AssociateWebACL', 'wafv2:DisassociateWebACL'), remove: on('wafv2:DisassociateWebACL') };
  },
  'AWS::Route53::RecordSet': ({ properties }, { partition }) => {
    const zone = `arn:${partition}:route53:::hostedzone/${textOf(properties['HostedZoneId'])}`;
    const actions = ['ChangeResourceRecordSets', 'GetHostedZone', 'ListResourceRecordSets'];
    const all = [
      ...grants(
        'DeployRecords',
        actions.map((action) => `route53:${action}`),
        zone,
      ),
      ...grants('DeployRecords', 'route53:GetChange', `arn:${partition}:route53:::change/*`),
    ];
    return { change: all, remove: all };
  },
  'AWS::CloudWatch::Alarm': (_, place) => {
    const on = (...actions: string[]) => grants('DeployAlarms', actions, arnAt(place, 'cloudwatch', `alarm:${namesOf(place)}`));
    const list = grants('DeployAlarms', 'cloudwatch:DescribeAlarms', '*');
    return {
      change: [
        ...list,
        ...on('cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'),
        ...(place.isTagged ? on('cloudwatch:UntagResource') : []),
      ],
      remove: [...list, ...on('cloudwatch:DeleteAlarms')],
    };
  },
  'AWS::CloudWatch::Dashboard': ({ logicalId }, place) => {
    const arns = bothNamesOf(place, logicalId).map((name) => globalArn(place, 'cloudwatch', `dashboard/${name}`));
    const on = (...actions: string[]) => grants('DeployDashboard', actions, ...arns);
    return {
      change: [
        ...on('cloudwatch:GetDashboard', 'cloudwatch:PutDashboard', 'cloudwatch:TagResource'),
        ...(place.isTagged ? on('cloudwatch:ListTagsForResource', 'cloudwatch:UntagResource') : []),
      ],
      remove: on('cloudwatch:DeleteDashboards', 'cloudwatch:GetDashboard'),
    };
  },
  'AWS::SNS::Topic': (_, place) => {
    const on = (...actions: string[]) => grants('DeployTopic', actions, topic(place));
    return {
      change: [
        ...on('sns:CreateTopic', 'sns:GetTopicAttributes', 'sns:TagResource'),
        ...(place.isTagged ? on('sns:ListTagsForResource', 'sns:UntagResource') : []),
      ],
      remove: on('sns:DeleteTopic', 'sns:GetTopicAttributes'),
    };
  },
  'AWS::SNS::Subscription': (_, place) => {
    const reads = ['sns:GetSubscriptionAttributes', 'sns:GetTopicAttributes'];
    return {
      change: grants('DeployTopic', ['sns:Subscribe', ...reads], topic(place)),
      remove: grants('DeployTopic', ['sns:Unsubscribe', ...reads], topic(place)),
    };
  },
};

/**
 * Permissions that CloudFormation needs to create, change and delete a resource.
 * @throws {Error} for a type that is missing from the table
 */
export function resourceGrants(resource: TemplateResource, place: PolicyPlace): ResourceGrants {
  const grantsOf = GRANTS[resource.type];
  if (!grantsOf) throw new Error(`no permissions are known for ${resource.type}`);
  return grantsOf(resource, place);
}

/**
 * With a boundary, the actions apply only to roles that have it: nobody can create or widen a role without it, and nothing allows
 * removing it (IAM user guide, "Permissions boundaries for IAM entities", delegation by `iam:PermissionsBoundary`).
 */
function onBounded(boundary: string, arn: string, actions: readonly string[]): Grant[] {
  const all = grants(boundary ? 'DeployBoundedRole' : 'DeployRole', actions, arn);
  if (!boundary) return all;
  const condition = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
  return all.map((grant) => ({ ...grant, condition }));
}

/** Permission to pass a role to this service only. */
export function passRole(roleArn: string, service: string): Grant {
  const condition = { StringEquals: { 'iam:PassedToService': service } };
  return { sid: 'PassRole', action: 'iam:PassRole', resource: roleArn, condition };
}

function logGroup(place: PolicyPlace): string {
  return arnAt(place, 'logs', `log-group:${namesOf(place)}`);
}

function fn(place: PolicyPlace): string {
  return arnAt(place, 'lambda', `function:${namesOf(place)}`);
}

function role(place: PolicyPlace): string {
  return globalArn(place, 'iam', `role/${namesOf(place)}`);
}

function webAcls(place: PolicyPlace, logicalId: string): readonly string[] {
  const names = bothNamesOf(place, logicalId);
  return names.map((name) => arnAt(place, 'wafv2', `regional/webacl/${name}`));
}

function topic(place: PolicyPlace): string {
  return arnAt(place, 'sns', namesOf(place));
}
