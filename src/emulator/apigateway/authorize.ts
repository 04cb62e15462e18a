import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws-error.ts';
import type { Iam } from '../iam/iam.ts';
import {
  GatewayError,
  type GatewayResponseType,
  missingAuthenticationToken,
} from './gateway-error.ts';

/**
 * Checks the SigV4 signature of a request.
 * @throws {AwsError} when it does not hold
 */
export type Authenticate = (
  incoming: IncomingMessage,
  body: Buffer,
) => { readonly accessKeyId: string };

const RESPONSE_TYPES: Readonly<Record<string, GatewayResponseType>> = {
  MissingAuthenticationToken: 'MISSING_AUTHENTICATION_TOKEN',
  MissingAuthenticationTokenException: 'MISSING_AUTHENTICATION_TOKEN',
  ExpiredTokenException: 'EXPIRED_TOKEN',
  IncompleteSignatureException: 'INVALID_SIGNATURE',
  InvalidSignatureException: 'INVALID_SIGNATURE',
  SignatureDoesNotMatch: 'INVALID_SIGNATURE',
};

/**
 * AuthorizationType AWS_IAM: the caller has to sign, and may call what its policies allow.
 * @param resource `arn:...:execute-api:...:{api}/{stage}/{METHOD}/{path}`
 * @returns the caller's access key
 * @throws {GatewayError} 403, as AWS words it
 */
export function authorizeCaller(
  { incoming, body, resource }: { incoming: IncomingMessage; body: Buffer; resource: string },
  iam: Iam,
  authenticate: Authenticate = accessKeyOf,
): string {
  if (!incoming.headers.authorization && !incoming.url?.includes('X-Amz-Signature=')) {
    throw missingAuthenticationToken();
  }
  try {
    const { accessKeyId } = authenticate(incoming, body);
    iam.authorize(accessKeyId, 'execute-api:Invoke', [resource]);
    return accessKeyId;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const responseType = RESPONSE_TYPES[error.code] ?? 'ACCESS_DENIED';
    throw new GatewayError(responseType, 403, error.code, error.message);
  }
}

/** The key that signed, taken at its word. */
function accessKeyOf(incoming: IncomingMessage): { accessKeyId: string } {
  const text = `${incoming.headers.authorization ?? ''} ${incoming.url ?? ''}`;
  const accessKeyId = /Credential=([A-Za-z0-9]+)(\/|%2F)/.exec(text)?.[1];
  if (!accessKeyId) {
    throw new AwsError(
      'IncompleteSignatureException',
      403,
      "Authorization header requires 'Credential' parameter.",
    );
  }
  return { accessKeyId };
}
