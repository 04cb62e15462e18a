import { apiArn, arnAt, globalArn, type Grant, grants, namesOf, type PolicyPlace } from './grant.ts';
import { type TemplateResource, textOf } from '../../templates/resolve-template.ts';

/** Permissions to create and change a resource, and to delete it; rollbacks and replacements need both. */
type ResourceGrants = { readonly change: readonly Grant[]; readonly remove: readonly Grant[] };

type GrantsOf = (resource: TemplateResource, place: PolicyPlace) => ResourceGrants;

const logGroup = (place: PolicyPlace): string => arnAt(place, 'logs', `log-group:${namesOf(place)}`);
const fn = (place: PolicyPlace): string => arnAt(place, 'lambda', `function:${namesOf(place)}`);
const role = (place: PolicyPlace): string => globalArn(place, 'iam', `role/${namesOf(place)}`);
const topic = (place: PolicyPlace): string => arnAt(place, 'sns', namesOf(place));

/** Logical id of the template's web ACL, which an association names only by its ARN. */
const OWN_WEB_ACL = 'WebAcl';

const BELOW_API = '/restapis/*';

/**
 * Permissions by type, from the handlers in the CloudFormation registry schemas, without those for properties that the template never
 * sets (encryption keys, S3, VPCs, code signing) or never changes. Resources are from the service authorization reference; in API Gateway
 * they are paths, and the actions HTTP methods.
 */
const GRANTS: Readonly<Record<string, GrantsOf>> = {
  'AWS::ApiGateway::ApiKey': api('/apikeys/*', { create: '/apikeys', change: 'GET', remove: 'GET DELETE', isTagged: true }),
  'AWS::ApiGateway::Authorizer': api(BELOW_API, { change: 'GET POST PATCH', remove: 'DELETE' }),
  'AWS::ApiGateway::BasePathMapping': (resource, place) =>
    api(`/domainnames/${place.domainName}/basepathmappings*`, { change: 'GET POST', remove: 'DELETE' })(resource, place),
  'AWS::ApiGateway::Deployment': api(BELOW_API, { change: 'GET PATCH POST PUT', remove: 'GET DELETE' }),
  'AWS::ApiGateway::DomainName': (resource, place) => {
    const methods = { create: '/domainnames', change: 'GET PATCH', remove: 'GET DELETE', isTagged: true };
    return also(api(`/domainnames/${place.domainName}`, methods), domainExtras)(resource, place);
  },
  'AWS::ApiGateway::GatewayResponse': api(BELOW_API, { change: 'GET PUT', remove: 'GET DELETE' }),
  'AWS::ApiGateway::Method': api(BELOW_API, { change: 'GET PUT', remove: 'DELETE' }),
  'AWS::ApiGateway::Resource': api(BELOW_API, { change: 'POST', remove: 'DELETE' }),
  'AWS::ApiGateway::RestApi': also(
    api(BELOW_API, { create: '/restapis', change: 'GET PATCH', remove: 'DELETE', isTagged: true }),
    // A resource policy needs an action of its own.
    ({ properties }, place) => {
      const paths = ['/restapis', BELOW_API].map((path) => apiArn(place, path));
      return properties['Policy'] === undefined ? [] : grants('DeployApi', 'apigateway:UpdateRestApiPolicy', ...paths);
    },
  ),
  'AWS::ApiGateway::Stage': api(BELOW_API, { change: 'GET POST PATCH', remove: 'DELETE', isTagged: true }),
  'AWS::ApiGateway::UsagePlan': api('/usageplans/*', {
    create: '/usageplans',
    change: 'GET PATCH',
    // The handler takes the stages off first.
    remove: 'GET PATCH DELETE',
    isTagged: true,
  }),
  'AWS::ApiGateway::UsagePlanKey': api('/usageplans/*', { change: 'GET POST', remove: 'GET DELETE' }),
  'AWS::Logs::LogGroup': row('DeployLogs', 'logs', logGroup, {
    onAll: 'DescribeLogGroups',
    change: 'CreateLogGroup GetDataProtectionPolicy PutRetentionPolicy TagResource',
    tagged: 'UntagResource',
    remove: 'DeleteLogGroup',
  }),
  'AWS::Logs::MetricFilter': row('DeployLogs', 'logs', logGroup, {
    change: 'DescribeMetricFilters PutMetricFilter',
    remove: 'DeleteMetricFilter',
  }),
  'AWS::IAM::Role': ({ properties }, place) => {
    const boundary = textOf(properties['PermissionsBoundary']);
    const on = (actions: string) => grants('DeployRole', actionsOf('iam', actions), role(place));
    const bounded = (actions: string) => onBounded(boundary, role(place), actionsOf('iam', actions));
    const reads = 'GetRole ListAttachedRolePolicies ListRolePolicies';
    return {
      change: [
        ...on(`GetRolePolicy ${reads}`),
        ...bounded('CreateRole PutRolePolicy DeleteRolePolicy'),
        ...(boundary ? bounded('PutRolePermissionsBoundary') : []),
        ...(place.isTagged ? on('TagRole UntagRole') : []),
      ],
      remove: [...on(`DeleteRole ${reads}`), ...bounded('DeleteRolePolicy')],
    };
  },
  'AWS::Lambda::Function': also(
    row('DeployFunction', 'lambda', fn, {
      change: 'CreateFunction Get* TagResource UpdateFunctionCode UpdateFunctionConfiguration',
      tagged: 'ListTags UntagResource',
      remove: 'DeleteFunction Get*',
    }),
    ({ properties }, place) => [
      ...(properties['ReservedConcurrentExecutions'] === undefined
        ? []
        : grants('DeployFunction', ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'], fn(place))),
      passRole(role(place), 'lambda.amazonaws.com'),
    ],
  ),
  'AWS::Lambda::Permission': ({ properties }, place) => {
    const given = textOf(properties['FunctionName']);
    const on = (action: string) => grants('DeployFunction', action, given === '*' ? fn(place) : given);
    return { change: on('lambda:AddPermission'), remove: on('lambda:RemovePermission') };
  },
  'AWS::WAFv2::WebACL': also(
    row('DeployWaf', 'wafv2', (place, { logicalId }) => webAcls(place, logicalId), {
      change: 'CreateWebACL UpdateWebACL GetWebACL ListTagsForResource TagResource',
      tagged: 'UntagResource',
      remove: 'DeleteWebACL GetWebACL',
    }),
    (_, place) =>
      grants('DeployWaf', ['wafv2:CreateWebACL', 'wafv2:UpdateWebACL'], arnAt(place, 'wafv2', 'regional/managedruleset/*/*')),
  ),
  'AWS::WAFv2::WebACLAssociation': ({ properties }, place) => {
    const given = textOf(properties['WebACLArn']);
    const acls = given === '*' ? webAcls(place, OWN_WEB_ACL) : [given];
    const stage = textOf(properties['ResourceArn']);
    const on = (actions: string) => [
      ...grants('DeployWaf', actionsOf('wafv2', `${actions} GetWebACL`), ...acls, stage),
      ...grants('DeployWaf', ['apigateway:SetWebACL', 'wafv2:GetWebACLForResource'], stage),
    ];
    return { change: on('AssociateWebACL DisassociateWebACL'), remove: on('DisassociateWebACL') };
  },
  'AWS::Route53::RecordSet': ({ properties }, { partition }) => {
    const zone = `arn:${partition}:route53:::hostedzone/${textOf(properties['HostedZoneId'])}`;
    const all = [
      ...grants('DeployRecords', actionsOf('route53', 'ChangeResourceRecordSets GetHostedZone ListResourceRecordSets'), zone),
      ...grants('DeployRecords', 'route53:GetChange', `arn:${partition}:route53:::change/*`),
    ];
    return { change: all, remove: all };
  },
  'AWS::CloudWatch::Alarm': row('DeployAlarms', 'cloudwatch', (place) => arnAt(place, 'cloudwatch', `alarm:${namesOf(place)}`), {
    onAll: 'DescribeAlarms',
    change: 'PutMetricAlarm TagResource',
    tagged: 'UntagResource',
    remove: 'DeleteAlarms',
  }),
  'AWS::CloudWatch::Dashboard': row('DeployDashboard', 'cloudwatch', dashboards, {
    change: 'GetDashboard PutDashboard TagResource',
    tagged: 'ListTagsForResource UntagResource',
    remove: 'DeleteDashboards GetDashboard',
  }),
  'AWS::SNS::Topic': row('DeployTopic', 'sns', topic, {
    change: 'CreateTopic GetTopicAttributes TagResource',
    tagged: 'ListTagsForResource UntagResource',
    remove: 'DeleteTopic GetTopicAttributes',
  }),
  'AWS::SNS::Subscription': row('DeployTopic', 'sns', topic, {
    change: 'Subscribe GetSubscriptionAttributes GetTopicAttributes',
    remove: 'Unsubscribe GetSubscriptionAttributes GetTopicAttributes',
  }),
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

/** Actions of a type, separated by blanks. */
interface Actions {
  readonly change: string;
  readonly remove: string;
  /** Further ones of a stack with tags. */
  readonly tagged?: string;
  /** Actions without a resource type in the service authorization reference: a policy can only name all. */
  readonly onAll?: string;
}

function row(
  sid: string,
  service: string,
  arns: (place: PolicyPlace, resource: TemplateResource) => string | readonly string[],
  actions: Actions,
): GrantsOf {
  return (resource, place) => {
    const at = [arns(place, resource)].flat();
    const on = (names: string | undefined, ...where: readonly string[]) => grants(sid, actionsOf(service, names), ...where);
    const list = on(actions.onAll, '*');
    return {
      change: [...list, ...on(actions.change, ...at), ...(place.isTagged ? on(actions.tagged, ...at) : [])],
      remove: [...list, ...on(actions.remove, ...at)],
    };
  };
}

/** HTTP methods of a type in API Gateway. */
interface Methods extends Pick<Actions, 'change' | 'remove'> {
  /** Path of the POST that creates it, when that is not below the items. */
  readonly create?: string;
  /** CloudFormation adds tags with the stack's name. */
  readonly isTagged?: boolean;
}

/** @param items their paths; API Gateway generates the ids, so they cannot be narrower */
function api(items: string, { create, change, remove, isTagged }: Methods): GrantsOf {
  return (_, place) => {
    const on = (path: string, verbs: string) => grants('DeployApi', actionsOf('apigateway', verbs), apiArn(place, path));
    return {
      change: [
        ...(create ? on(create, 'POST') : []),
        ...on(items, change),
        ...(isTagged ? on('/tags/*', place.isTagged ? 'PUT DELETE' : 'PUT') : []),
      ],
      remove: on(items, remove),
    };
  };
}

function also(grantsOf: GrantsOf, more: (resource: TemplateResource, place: PolicyPlace) => readonly Grant[]): GrantsOf {
  return (resource, place) => {
    const { change, remove } = grantsOf(resource, place);
    return { change: [...change, ...more(resource, place)], remove };
  };
}

function actionsOf(service: string, names = ''): string[] {
  return names.split(' ').flatMap((name) => (name === '' ? [] : [`${service}:${name}`]));
}

/**
 * CloudFront's part in an edge-optimized domain (developer guide, "Set up an edge-optimized custom domain name"), and the role of API
 * Gateway, which an account's first domain makes ("Using service-linked roles for API Gateway").
 */
function domainExtras({ properties }: TemplateResource, place: PolicyPlace): Grant[] {
  const isEdge = JSON.stringify(properties['EndpointConfiguration'] ?? {}).includes('"EDGE"');
  const linked = 'role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway';
  return [
    ...(isEdge ? grants('DeployApi', 'cloudfront:UpdateDistribution', '*') : []),
    ...grants('DeployApi', 'iam:CreateServiceLinkedRole', globalArn(place, 'iam', linked)),
  ];
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

function webAcls(place: PolicyPlace, logicalId: string): readonly string[] {
  return bothNamesOf(place, logicalId).map((name) => arnAt(place, 'wafv2', `regional/webacl/${name}`));
}

function dashboards(place: PolicyPlace, { logicalId }: TemplateResource): readonly string[] {
  return bothNamesOf(place, logicalId).map((name) => globalArn(place, 'cloudwatch', `dashboard/${name}`));
}

/**
 * `namesOf` for types that users also see as `{logical id}-{random}`, without the stack's name: web ACLs in the examples of Security Hub
 * (ASFF, "AwsWafv2WebAcl": `regional/webacl/WebACL-RoaD4QexqSxG`), dashboards in issue 783 of the CloudFormation coverage roadmap.
 */
function bothNamesOf(place: PolicyPlace, logicalId: string): readonly string[] {
  return [namesOf(place), `${logicalId}-*`];
}
