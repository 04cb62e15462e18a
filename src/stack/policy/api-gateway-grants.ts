import { apiArn, globalArn, type Grant, grants, type PolicyPlace, type GrantsOf } from './grant.ts';
import type { TemplateResource } from './resolve-template.ts';

type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Permissions of a type, by path. API Gateway generates the ids, so the paths cannot be narrower. */
interface Paths {
  /** Path of the POST that creates it, when that is not below `items`. */
  readonly collection?: string;
  readonly items: string;
  readonly change: readonly Verb[];
  readonly remove: readonly Verb[];
  /** CloudFormation adds tags with the stack's name. */
  readonly isTagged?: boolean;
}

/** The API and everything below it. */
const BELOW_API = '/restapis/*';

/** The actions are HTTP methods, the resources paths (service authorization reference of API Gateway Management). */
export const API_GATEWAY_GRANTS: Readonly<Record<string, GrantsOf>> = {
  'AWS::ApiGateway::ApiKey': at({
    collection: '/apikeys',
    items: '/apikeys/*',
    change: ['GET'],
    remove: ['GET', 'DELETE'],
    isTagged: true,
  }),
  'AWS::ApiGateway::Authorizer': at({ items: BELOW_API, change: ['GET', 'POST', 'PATCH'], remove: ['DELETE'] }),
  'AWS::ApiGateway::BasePathMapping': (resource, place) =>
    at({ items: `/domainnames/${place.domainName}/basepathmappings*`, change: ['GET', 'POST'], remove: ['DELETE'] })(
      resource,
      place,
    ),
  'AWS::ApiGateway::Deployment': at({ items: BELOW_API, change: ['GET', 'PATCH', 'POST', 'PUT'], remove: ['GET', 'DELETE'] }),
  'AWS::ApiGateway::DomainName': (resource, place) => {
    const { change, remove } = at({
      collection: '/domainnames',
      items: `/domainnames/${place.domainName}`,
      change: ['GET', 'PATCH'],
      remove: ['GET', 'DELETE'],
      isTagged: true,
    })(resource, place);
    return { change: [...change, ...distribution(resource), serviceLinkedRole(place)], remove };
  },
  'AWS::ApiGateway::GatewayResponse': at({ items: BELOW_API, change: ['GET', 'PUT'], remove: ['GET', 'DELETE'] }),
  'AWS::ApiGateway::Method': at({ items: BELOW_API, change: ['GET', 'PUT'], remove: ['DELETE'] }),
  'AWS::ApiGateway::Resource': at({ items: BELOW_API, change: ['POST'], remove: ['DELETE'] }),
  'AWS::ApiGateway::RestApi': (resource, place) => {
    const { change, remove } = REST_API(resource, place);
    return { change: [...change, ...policy(resource, place)], remove };
  },
  'AWS::ApiGateway::Stage': at({ items: BELOW_API, change: ['GET', 'POST', 'PATCH'], remove: ['DELETE'], isTagged: true }),
  'AWS::ApiGateway::UsagePlan': at({
    collection: '/usageplans',
    items: '/usageplans/*',
    change: ['GET', 'PATCH'],
    // The handler takes the stages off first.
    remove: ['GET', 'PATCH', 'DELETE'],
    isTagged: true,
  }),
  'AWS::ApiGateway::UsagePlanKey': at({ items: '/usageplans/*', change: ['GET', 'POST'], remove: ['GET', 'DELETE'] }),
};

const REST_API = at({ collection: '/restapis', items: BELOW_API, change: ['GET', 'PATCH'], remove: ['DELETE'], isTagged: true });

function at(paths: Paths): GrantsOf {
  return (_, place) => {
    const on = (path: string, verbs: readonly Verb[]) =>
      grants(
        'DeployApi',
        verbs.map((verb) => `apigateway:${verb}`),
        apiArn(place, path),
      );
    const tagVerbs: readonly Verb[] = place.isTagged ? ['PUT', 'DELETE'] : ['PUT'];
    return {
      change: [
        ...(paths.collection ? on(paths.collection, ['POST']) : []),
        ...on(paths.items, paths.change),
        ...(paths.isTagged ? on('/tags/*', tagVerbs) : []),
      ],
      remove: on(paths.items, paths.remove),
    };
  };
}

/** CloudFront's part in an edge-optimized domain (developer guide, "Set up an edge-optimized custom domain name"). */
function distribution({ properties }: TemplateResource): Grant[] {
  const isEdge = JSON.stringify(properties['EndpointConfiguration'] ?? {}).includes('"EDGE"');
  return isEdge ? grants('DeployApi', 'cloudfront:UpdateDistribution', '*') : [];
}

/** An account's first domain makes the role of API Gateway (developer guide, "Using service-linked roles for API Gateway"). */
function serviceLinkedRole(place: PolicyPlace): Grant {
  const role = 'role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway';
  return { sid: 'DeployApi', action: 'iam:CreateServiceLinkedRole', resource: globalArn(place, 'iam', role) };
}

/** A resource policy needs an extra action. */
function policy({ properties }: TemplateResource, place: PolicyPlace): Grant[] {
  if (properties['Policy'] === undefined) return [];
  const paths = ['/restapis', BELOW_API].map((path) => apiArn(place, path));
  return grants('DeployApi', 'apigateway:UpdateRestApiPolicy', ...paths);
}
