import type { IncomingMessage } from 'node:http';
import type { ConditionContext } from '../../iam/conditions.ts';

/** Where a request says it comes from; only the emulator knows these headers. */
export const SOURCE_IP_HEADER = 'x-emulator-source-ip';
export const VPC_ENDPOINT_HEADER = 'x-emulator-vpce';

/** Where a request comes from, to API Gateway. */
export interface RequestOrigin {
  /** The client's address; IPv4 in its plain form. */
  readonly sourceIp: string;
  /** Interface endpoint that it came by, from within a VPC. */
  readonly vpcEndpointId: string | undefined;
}

export function requestOrigin({ headers, socket }: IncomingMessage): RequestOrigin {
  const [sourceIp, vpcEndpointId] = [headers[SOURCE_IP_HEADER], headers[VPC_ENDPOINT_HEADER]];
  return {
    sourceIp: String(sourceIp ?? socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    vpcEndpointId: vpcEndpointId === undefined ? undefined : String(vpcEndpointId),
  };
}

/**
 * Condition keys of a request for resource policies (developer guide, "AWS condition keys that can be used in API Gateway resource
 * policies"): `aws:VpcSourceIp` is there instead of `aws:SourceIp` when it came by a VPC endpoint.
 */
export function originConditions(incoming: IncomingMessage): ConditionContext {
  const { sourceIp, vpcEndpointId } = requestOrigin(incoming);
  return {
    ...(vpcEndpointId === undefined
      ? { 'aws:SourceIp': sourceIp }
      : { 'aws:VpcSourceIp': sourceIp, 'aws:SourceVpce': vpcEndpointId }),
    // The emulator speaks HTTP and stands for an endpoint that only speaks HTTPS.
    'aws:SecureTransport': 'true',
    'aws:UserAgent': incoming.headers['user-agent'],
  };
}
