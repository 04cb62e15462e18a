import type { IncomingMessage } from 'node:http';
import type { ConditionContext } from '../../iam/conditions.ts';
import type { EndpointRequest } from './exchange.ts';

/** Headers that tell the emulator where a request comes from; no other software knows them. */
export const SOURCE_IP_HEADER = 'x-emulator-source-ip';
export const VPC_ENDPOINT_HEADER = 'x-emulator-vpce';

/** Where a request comes from: the client's address, IPv4 in its plain form, and within a VPC its interface endpoint. */
export function requestOrigin({ headers, socket }: IncomingMessage) {
  const [sourceIp, vpcEndpointId] = [headers[SOURCE_IP_HEADER], headers[VPC_ENDPOINT_HEADER]];
  return {
    sourceIp: String(sourceIp ?? socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    vpcEndpointId: vpcEndpointId === undefined ? undefined : String(vpcEndpointId),
  };
}

/**
 * Condition keys of a request for resource policies (developer guide, "AWS condition keys that can be used in API Gateway resource
 * policies"): a request through a VPC endpoint has `aws:VpcSourceIp` instead of `aws:SourceIp`.
 */
export function originConditions(incoming: IncomingMessage): ConditionContext {
  const { sourceIp, vpcEndpointId } = requestOrigin(incoming);
  return {
    ...(vpcEndpointId === undefined
      ? { 'aws:SourceIp': sourceIp }
      : { 'aws:VpcSourceIp': sourceIp, 'aws:SourceVpce': vpcEndpointId }),
    // The emulator speaks HTTP in place of an endpoint that speaks only HTTPS.
    'aws:SecureTransport': 'true',
    'aws:UserAgent': incoming.headers['user-agent'],
  };
}

/** `$context.path`: after the stage, or the base path of a custom domain (observed on AWS: localstack pull request 12296). */
export function contextPath(stage: string, path: string, domain: EndpointRequest['domain'] | undefined): string {
  return `${domain ? basePathPrefix(domain) : `/${stage}`}${path}`;
}

/** The base path of a custom domain with its leading slash; `` without one. */
export function basePathPrefix(domain: EndpointRequest['domain'] | undefined): string {
  return domain?.basePath ? `/${domain.basePath}` : '';
}

/** `$context.requestTime`, "CLF-formatted": `22/Nov/2026:23:01:02 +0000`. */
export function requestTime(arrivedAt: number): string {
  const [, day, month, year, time] = new Date(arrivedAt).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
