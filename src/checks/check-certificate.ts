import type { CheckResult } from '../stack/check-result.ts';

/** Where CloudFront looks for certificates (developer guide, "Custom domain name certificates" of edge-optimised APIs). */
const EDGE_REGION = 'us-east-1';

/**
 * Whether a certificate is in the Region that API Gateway looks for it in: the API's, and for an edge-optimised one us-east-1.
 * @param arn of the certificate
 * @param region of the stack
 */
export function checkCertificate(arn: string, endpointType: string, region: string): CheckResult {
  const check = 'certificate';
  const [, , , place = ''] = arn.split(':');
  const wanted = endpointType === 'EDGE' ? EDGE_REGION : region;
  if (place === wanted) {
    return { check, status: 'ok', text: `the certificate is in ${wanted}, where it is looked for` };
  }
  const kind = endpointType === 'EDGE' ? 'an edge-optimised API' : `a regional API in ${region}`;
  return {
    check,
    status: 'failed',
    code: 'CERTIFICATE_ELSEWHERE',
    text: `the certificate is in ${place}; ${kind} needs one of ${wanted}`,
    hint: `ask for one there: aws acm request-certificate --region ${wanted} --domain-name NAME --validation-method DNS`,
  };
}
