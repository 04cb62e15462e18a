import { arn } from '../../kernel/place.ts';
import { generateShortId, read } from '../../kernel/properties.ts';
import type { Properties, ResourceContext } from '../../kernel/resource-provider.ts';
import { badRequest } from '../errors.ts';

/** Zone of every CloudFront distribution (Route 53 API reference, AliasTarget). */
const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';
/** Regional endpoints have another zone in each Region; here all have this one. */
const REGIONAL_ZONE = 'ZEMULATORREGION';
const CERTIFICATE = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;
/** Certificates of edge-optimized domains (developer guide, "Get certificates ready in AWS Certificate Manager"). */
const EDGE_CERTIFICATE_REGION = 'us-east-1';

export type DomainName = ReturnType<typeof readDomain>;

/** @throws {AwsError} BadRequestException */
export function readDomain(properties: Properties, name: string, context: ResourceContext) {
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
    /** The target of DNS records: a Regional endpoint, or a CloudFront distribution. */
    target: `d-${generateShortId()}.${zone}`,
    /** Hosted zone of the target, for an alias record. */
    targetHostedZoneId: edge ? CLOUDFRONT_ZONE : REGIONAL_ZONE,
    tags: read.tags(properties),
  };
}
