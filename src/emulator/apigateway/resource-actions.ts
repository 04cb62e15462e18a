import {
  actionsOn,
  isChanged,
  passRole,
  type ResourceAction,
  type ResourceActions,
  type ResourceStep,
} from '../kernel/resource-provider.ts';
import { readList, readObject, readString, requireString } from '../kernel/properties.ts';

type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Verbs of the handlers at a path of the control plane; those that are not named do nothing. */
interface PathActions {
  /** Where it is made (POST), and where it then is. */
  readonly collection: (step: ResourceStep) => string;
  readonly item: (step: ResourceStep) => string;
  readonly create: { readonly collection?: readonly Verb[]; readonly item?: readonly Verb[] };
  readonly update: readonly Verb[];
  readonly delete: readonly Verb[];
  /** CloudFormation puts tags of its own on them, so all that have tags are tagged. */
  readonly isTagged?: boolean;
}

const api = (step: ResourceStep) => `/restapis/${requireString(step.properties, 'RestApiId')}`;
const id = (step: ResourceStep) => step.physicalId ?? '*';

const REST_API = atPath({
  collection: () => '/restapis',
  item: (step) => `/restapis/${id(step)}`,
  create: { collection: ['POST'], item: ['GET'] },
  update: ['GET', 'PATCH'],
  delete: ['DELETE'],
  isTagged: true,
});

const DOMAIN_NAME = atPath({
  collection: () => '/domainnames',
  item: ({ properties }) => `/domainnames/${requireString(properties, 'DomainName')}`,
  create: { collection: ['POST'], item: ['GET'] },
  update: ['GET', 'PATCH'],
  delete: ['GET', 'DELETE'],
  isTagged: true,
});

/** By type. The actions are HTTP methods, the resources paths (service authorization reference of API Gateway Management). */
export const API_GATEWAY_ACTIONS: Readonly<Record<string, ResourceActions>> = {
  'AWS::ApiGateway::Account': {
    create: account,
    update: account,
    delete: () => [],
  },
  'AWS::ApiGateway::ApiKey': atPath({
    collection: () => '/apikeys',
    item: (step) => `/apikeys/${id(step)}`,
    create: { collection: ['POST'], item: ['GET'] },
    update: ['GET', 'PATCH'],
    delete: ['GET', 'DELETE'],
    isTagged: true,
  }),
  'AWS::ApiGateway::Authorizer': atPath({
    collection: (step) => `${api(step)}/authorizers`,
    item: (step) => `${api(step)}/authorizers/${id(step)}`,
    create: { collection: ['POST'] },
    update: ['GET', 'PATCH'],
    delete: ['DELETE'],
  }),
  'AWS::ApiGateway::BasePathMapping': atPath({
    collection: (step) => mappings(step),
    item: (step) => `${mappings(step)}/${readString(step.properties, 'BasePath') ?? '(none)'}`,
    create: { collection: ['POST'], item: ['GET'] },
    update: ['GET', 'PATCH'],
    delete: ['DELETE'],
  }),
  'AWS::ApiGateway::Deployment': atPath({
    collection: (step) => `${api(step)}/deployments`,
    item: (step) => `${api(step)}/deployments/${id(step)}`,
    create: { collection: ['POST'] },
    update: ['GET', 'PATCH'],
    delete: ['GET', 'DELETE'],
  }),
  'AWS::ApiGateway::DomainName': {
    ...DOMAIN_NAME,
    create: (step) => [...DOMAIN_NAME.create(step), ...distributionActions(step)],
    update: (step) => [
      ...DOMAIN_NAME.update(step),
      ...(isChanged(step, 'CertificateArn', 'EndpointConfiguration')
        ? distributionActions(step)
        : []),
    ],
  },
  'AWS::ApiGateway::GatewayResponse': atPath({
    collection: api,
    item: (step) =>
      `${api(step)}/gatewayresponses/${requireString(step.properties, 'ResponseType')}`,
    create: { item: ['GET', 'PUT'] },
    update: ['GET', 'PUT'],
    delete: ['GET', 'DELETE'],
  }),
  'AWS::ApiGateway::Method': atPath({
    collection: api,
    item: (step) => {
      const of = (name: string) => requireString(step.properties, name);
      return `${api(step)}/resources/${of('ResourceId')}/methods/${of('HttpMethod')}`;
    },
    create: { item: ['GET', 'PUT'] },
    update: ['GET', 'PUT'],
    delete: ['DELETE'],
  }),
  'AWS::ApiGateway::Resource': atPath({
    collection: (step) => `${api(step)}/resources/${requireString(step.properties, 'ParentId')}`,
    item: (step) => `${api(step)}/resources/${id(step)}`,
    create: { collection: ['POST'] },
    update: ['GET', 'PATCH'],
    delete: ['DELETE'],
  }),
  'AWS::ApiGateway::RestApi': {
    ...REST_API,
    create: (step) => [...REST_API.create(step), ...policyActions(step, '/restapis')],
    update: (step) => [
      ...REST_API.update(step),
      ...(isChanged(step, 'Policy') ? policyActions(step, `/restapis/${id(step)}`, true) : []),
    ],
  },
  'AWS::ApiGateway::Stage': atPath({
    collection: (step) => `${api(step)}/stages`,
    item: (step) => `${api(step)}/stages/${requireString(step.properties, 'StageName')}`,
    create: { collection: ['POST'], item: ['GET', 'PATCH'] },
    update: ['GET', 'PATCH'],
    delete: ['DELETE'],
    isTagged: true,
  }),
  'AWS::ApiGateway::UsagePlan': atPath({
    collection: () => '/usageplans',
    item: (step) => `/usageplans/${id(step)}`,
    create: { collection: ['POST'], item: ['GET'] },
    update: ['GET', 'PATCH'],
    delete: ['DELETE'],
    isTagged: true,
  }),
  'AWS::ApiGateway::UsagePlanKey': atPath({
    collection: (step) => planKeys(step),
    item: (step) => `${planKeys(step)}/${requireString(step.properties, 'KeyId')}`,
    create: { collection: ['POST'], item: ['GET'] },
    update: [],
    delete: ['DELETE'],
  }),
};

function atPath({ collection, item, isTagged = false, ...verbs }: PathActions): ResourceActions {
  return {
    create: (step) => [
      ...at(step, collection(step), verbs.create.collection ?? []),
      ...at(step, item(step), verbs.create.item ?? []),
      ...(isTagged ? at(step, tags(step, item(step)), ['PUT']) : []),
    ],
    update: (step) => [
      ...at(step, item(step), verbs.update),
      ...(isChanged(step, 'Tags') ? at(step, tags(step, item(step)), ['PUT', 'DELETE']) : []),
    ],
    delete: (step) => at(step, item(step), verbs.delete),
    ...(isTagged && {
      tag: (step: ResourceStep) => at(step, tags(step, item(step)), ['PUT', 'DELETE']),
    }),
  };
}

/** A resource policy is asked for by an action of its own, beside those of the API. */
function policyActions(step: ResourceStep, path: string, always = false): ResourceAction[] {
  const isSet = step.properties['Policy'] !== undefined;
  return isSet || always ? actionsOn(pathArn(step, path), 'apigateway:UpdateRestApiPolicy') : [];
}

/** To set up an edge-optimized domain or to update its certificate (developer guide, "Set up an edge-optimized custom domain name"). */
function distributionActions({ properties }: ResourceStep): ResourceAction[] {
  const types = readList(readObject(properties, 'EndpointConfiguration') ?? {}, 'Types') ?? [];
  return types.includes('EDGE') ? actionsOn('*', 'cloudfront:UpdateDistribution') : [];
}

function account(step: ResourceStep): ResourceAction[] {
  const roleArn = readString(step.properties, 'CloudWatchRoleArn');
  return [
    ...at(step, '/account', ['PATCH']),
    ...(roleArn ? [passRole(roleArn, 'apigateway.amazonaws.com')] : []),
  ];
}

function mappings({ properties }: ResourceStep): string {
  return `/domainnames/${requireString(properties, 'DomainName')}/basepathmappings`;
}

function planKeys({ properties }: ResourceStep): string {
  return `/usageplans/${requireString(properties, 'UsagePlanId')}/keys`;
}

/** Tags are addressed by the ARN of what has them, as one encoded segment. */
function tags(step: ResourceStep, path: string): string {
  return `/tags/${encodeURIComponent(pathArn(step, path)).replaceAll('%2A', '*')}`;
}

function at(step: ResourceStep, path: string, verbs: readonly Verb[]): ResourceAction[] {
  return actionsOn(pathArn(step, path), ...verbs.map((verb) => `apigateway:${verb}`));
}

function pathArn({ context }: ResourceStep, path: string): string {
  return `arn:${context.partition}:apigateway:${context.region}::${path}`;
}
