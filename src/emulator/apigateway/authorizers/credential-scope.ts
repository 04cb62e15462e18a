import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Place } from '../../kernel/place.ts';
import { readAuthorization } from '../../kernel/sigv4.ts';
import type { ApiGatewayLimits } from '../limits.ts';

/**
 * Checks what a signature was made for, and when: the service, the Region, and a time that is not far from now (IAM user guide,
 * "Troubleshoot Signature Version 4 signing for AWS API requests"), in the words of reports (aws/aws-sdk-js-v3 issue 1831,
 * mhart/aws4 issue 118).
 * @throws {AwsError} InvalidSignatureException (403)
 */
export function checkCredentialScope(
  { headers }: IncomingMessage,
  place: Place,
  { signatureSkewMs }: Pick<ApiGatewayLimits, 'signatureSkewMs'>,
): void {
  const { service, region } = readAuthorization(headers);
  if (service !== 'execute-api') {
    throw invalid("Credential should be scoped to correct service: 'execute-api'.");
  }
  if (region !== place.region) {
    throw invalid(`Credential should be scoped to a valid region, not '${region}'.`);
  }
  const stamp = String(headers['x-amz-date'] ?? '');
  const [signedAt, now] = [parseStamp(stamp), Date.now()];
  const minutes = `${signatureSkewMs / 60_000} min.`;
  if (signedAt < now - signatureSkewMs) {
    const limit = toStamp(now - signatureSkewMs);
    throw invalid(
      `Signature expired: ${stamp} is now earlier than ${limit} (${toStamp(now)} - ${minutes})`,
    );
  }
  if (!(signedAt <= now + signatureSkewMs)) {
    const limit = toStamp(now + signatureSkewMs);
    throw invalid(
      `Signature not yet current: ${stamp} is still later than ${limit} (${toStamp(now)} + ${minutes})`,
    );
  }
}

/** `20261122T233819Z` as epoch milliseconds; NaN for anything else. */
function parseStamp(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
}

function toStamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidSignatureException', 403, message);
}
