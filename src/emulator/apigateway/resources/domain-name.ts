import { arn } from '../../kernel/place.ts';
import { generateShortId, read } from '../../kernel/properties.ts';
import {
  type Properties,
  type ResourceAction,
  type ResourceContext,
  type ResourceProvider,
  type ResourceStep,
} from '../../kernel/resource-provider.ts';
import { type ApiStore, badRequest, type DomainName, find } from '../store.ts';
import { pathActions } from './path-actions.ts';

/** Zone of every CloudFront distribution (Route 53 API reference, AliasTarget). */
const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';
/** Regional endpoints have another zone in each Region; here all have this one. */
const REGIONAL_ZONE = 'ZEMULATORREGION';
const CERTIFICATE = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;
/** Certificates of edge-optimized domains (developer guide, "Get certificates ready in AWS Certificate Manager"). */
const EDGE_CERTIFICATE_REGION = 'us-east-1';

/** AWS::ApiGateway::DomainName: Regional or edge-optimized. Private domains are another resource type. */
export function domainNameProvider(store: ApiStore): ResourceProvider {
  return {
    type: 'AWS::ApiGateway::DomainName',
    createOnly: 'DomainName',
    mutable: 'CertificateArn RegionalCertificateArn EndpointConfiguration SecurityPolicy EndpointAccessMode Tags',
    required: 'DomainName',
    actions: pathActions('AWS::ApiGateway::DomainName', '/domainnames', '{DomainName}', {
      at: { 'cloudfront:UpdateDistribution': distribution, 'iam:CreateServiceLinkedRole': serviceLinkedRole },
      when: { 'cloudfront:UpdateDistribution': 'CertificateArn EndpointConfiguration' },
      // Developer guide, "Set up an edge-optimized custom domain name", and "Using service-linked roles for API Gateway": the first domain
      // of an account makes the role.
      also: { create: 'cloudfront:UpdateDistribution iam:CreateServiceLinkedRole', update: 'cloudfront:UpdateDistribution' },
    }),
    put({ physicalId, properties, context }) {
      const name = read.required(properties, 'DomainName');
      if (physicalId === undefined && store.domainNames.has(name))
        throw badRequest('The domain name you provided already exists.');
      const before = physicalId === undefined ? undefined : find.domainName(store, physicalId);
      const domain = readDomain(properties, name, context);
      const { endpointType, targetHostedZoneId: zone } = domain;
      const target = endpointType === before?.endpointType ? before.target : domain.target;
      store.domainNames.set(name, { ...domain, target });
      const ofTarget =
        endpointType === 'EDGE'
          ? { DistributionDomainName: target, DistributionHostedZoneId: zone }
          : { RegionalDomainName: target, RegionalHostedZoneId: zone };
      return { physicalId: name, attributes: { DomainNameArn: domain.arn, ...ofTarget } };
    },
    delete({ physicalId }) {
      store.domainNames.delete(physicalId);
      for (const [key, mapping] of store.basePathMappings) {
        if (mapping.domainName === physicalId) store.basePathMappings.delete(key);
      }
    },
  };
}

function readDomain(properties: Properties, name: string, context: ResourceContext): DomainName {
  const endpoint = read.object(properties, 'EndpointConfiguration', 'Types IpAddressType') ?? {};
  const [endpointType = 'EDGE', ...more] = read.list(endpoint, 'Types') ?? [];
  if ((endpointType !== 'EDGE' && endpointType !== 'REGIONAL') || more.length > 0)
    throw badRequest('Invalid EndpointTypes specified');
  const edge = endpointType === 'EDGE';
  const property = edge ? 'CertificateArn' : 'RegionalCertificateArn';
  const certificateArn = read.string(properties, property) ?? '';
  const region = CERTIFICATE.exec(certificateArn)?.[1];
  if (region !== (edge ? EDGE_CERTIFICATE_REGION : context.region))
    throw badRequest(`Invalid certificate ARN: ${certificateArn}`);
  const zone = edge ? 'cloudfront.net' : `execute-api.${context.region}.amazonaws.com`;
  return {
    name,
    arn: arn({ ...context, accountId: '' }, 'apigateway', `/domainnames/${name}`),
    endpointType,
    certificateArn,
    securityPolicy: read.string(properties, 'SecurityPolicy') ?? 'TLS_1_2',
    endpointAccessMode: read.string(properties, 'EndpointAccessMode'),
    target: `d-${generateShortId()}.${zone}`,
    targetHostedZoneId: edge ? CLOUDFRONT_ZONE : REGIONAL_ZONE,
    tags: read.tags(properties),
  };
}

function distribution({ properties }: ResourceStep): readonly string[] {
  const types = read.list(read.object(properties, 'EndpointConfiguration') ?? {}, 'Types') ?? ['EDGE'];
  return types.includes('EDGE') ? ['*'] : [];
}

function serviceLinkedRole({ context }: ResourceStep): readonly ResourceAction[] {
  const service = 'ops.apigateway.amazonaws.com';
  const role = `role/aws-service-role/${service}/AWSServiceRoleForAPIGateway`;
  const resource = arn({ ...context, region: '' }, 'iam', role);
  return [{ action: 'iam:CreateServiceLinkedRole', resource, context: { 'iam:AWSServiceName': service } }];
}
