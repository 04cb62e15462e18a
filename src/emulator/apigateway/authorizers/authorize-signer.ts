import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../kernel/aws-error.ts';
import type { AuthorizationInput } from './authorize.ts';
import type { Caller } from '../caller.ts';
import { checkCredentialScope } from './credential-scope.ts';
import {
  GatewayError,
  type GatewayResponseType,
  missingAuthenticationToken,
} from '../front-door/gateway-error.ts';
import { policyOutcome } from './policy-outcome.ts';
import { originConditions } from '../front-door/request-origin.ts';
import { deniedBy, INVOKE_ACTION, resourceDecision } from './resource-policy.ts';
import type { UnauthorizedRequest } from './unauthorized-request.ts';

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
 * AuthorizationType AWS_IAM: the caller has to sign, and may call what its policies and the API's allow together. An Allow for the
 * whole account only hands the decision to that account's own policies (IAM user guide, "AWS JSON policy elements: Principal").
 * @throws {GatewayError} 403, as AWS words it
 */
export function authorizeSigner(
  { exchange, body, target }: UnauthorizedRequest,
  { iam, place, limits, emit, authenticate = accessKeyOf }: AuthorizationInput,
): Caller {
  const { incoming } = exchange;
  if (!incoming.headers.authorization && !incoming.url?.includes('X-Amz-Signature=')) {
    throw missingAuthenticationToken();
  }
  const accessKeyId = signedBy(() => {
    const signer = authenticate(incoming, body);
    if (authenticate !== accessKeyOf) checkCredentialScope(incoming, place, limits);
    return signer.accessKeyId;
  });
  const identity = iam.identityOf(accessKeyId);
  const own = iam.decide(identity, INVOKE_ACTION, target.methodArn, originConditions(incoming));
  const named = resourceDecision(target, { arn: identity.arn });
  const withAccount = resourceDecision(target, identity);
  const sameAccount = identity.accountId === place.accountId;
  // Of an Allow for the account nothing is left within it; a Deny stays one.
  const theirs = sameAccount && withAccount === 'allow' ? named : withAccount;
  const decision = policyOutcome(own, theirs, sameAccount);
  emit({
    type: 'authorization',
    caller: identity.arn,
    action: INVOKE_ACTION,
    resource: target.methodArn,
    allowed: decision === 'allow',
  });
  if (decision !== 'allow') throw deniedBy(decision, target, identity.arn);
  const { arn, accountId } = identity;
  return { signer: { accessKeyId, accountId, arn, userId: userIdOf(arn, accessKeyId) } };
}

function signedBy(check: () => string): string {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const responseType = RESPONSE_TYPES[error.code] ?? 'ACCESS_DENIED';
    throw new GatewayError(responseType, 403, error.code, error.message);
  }
}

/** `AROA...:session` of a role, an id of a user; the emulator makes them from names, so that they stay the same. */
function userIdOf(arn: string, accessKeyId: string): string {
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  return role ? `AROA${role}:${session}` : accessKeyId;
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
