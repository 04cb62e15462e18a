import { AwsError } from '../../kernel/aws-error.ts';
import { type Authorization, invalidSignature, isoDate } from '../../kernel/sigv4.ts';
import type { Caller } from '../front-door/exchange.ts';
import { GatewayError, type GatewayResponseType } from '../front-door/gateway-error.ts';
import { originConditions } from '../front-door/request-context.ts';
import type { RouteInput, RoutedRequest } from '../front-door/route.ts';
import { deniedBy, EXECUTE_API_INVOKE, policyOutcome, resourceDecision } from './resource-policy.ts';

const RESPONSE_TYPES: Readonly<Record<string, GatewayResponseType>> = {
  MissingAuthenticationTokenException: 'MISSING_AUTHENTICATION_TOKEN',
  IncompleteSignatureException: 'INVALID_SIGNATURE',
  InvalidSignatureException: 'INVALID_SIGNATURE',
};

/**
 * AuthorizationType AWS_IAM: the caller has to sign, and may call what its own policies and the API's resource policy allow together.
 * An Allow for the whole account only delegates the decision to that account's own policies (IAM user guide, "AWS JSON policy
 * elements: Principal").
 * @throws {GatewayError} 403, in AWS's words
 */
export function authorizeSigner(request: RoutedRequest, { iam, place, limits, emit, authenticate }: RouteInput): Caller {
  const { exchange, body, methodArn } = request;
  const { incoming } = exchange;
  let accessKeyId: string;
  try {
    const authorization = authenticate(incoming, body);
    checkCredentialScope(authorization, place.region, String(incoming.headers['x-amz-date'] ?? ''), limits.signatureSkewMs);
    ({ accessKeyId } = authorization);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new GatewayError(RESPONSE_TYPES[error.code] ?? 'ACCESS_DENIED', error.code, error.message);
  }
  const identity = iam.identityOf(accessKeyId);
  const own = iam.decide(identity, EXECUTE_API_INVOKE, methodArn, originConditions(incoming));
  const named = resourceDecision(request, { arn: identity.arn });
  const withAccount = resourceDecision(request, identity);
  const sameAccount = identity.accountId === place.accountId;
  // Within the account, an Allow for the account itself grants nothing; a Deny for it stays a Deny.
  const resource = sameAccount && withAccount === 'allow' ? named : withAccount;
  const decision = policyOutcome(own, resource, sameAccount);
  const allowed = decision === 'allow';
  emit({ type: 'authorization', caller: identity.arn, action: EXECUTE_API_INVOKE, resource: methodArn, allowed });
  if (decision !== 'allow') throw deniedBy(decision, request, identity.arn);
  const { arn, accountId } = identity;
  return { signer: { accessKeyId, accountId, arn, userId: userIdOf(arn, accessKeyId) } };
}

/** `AROA...:session` for a role, the access key for a user. Made from names, so that tests can rely on them. */
function userIdOf(arn: string, accessKeyId: string): string {
  const [, role, session] = /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  return role ? `AROA${role}:${session}` : accessKeyId;
}

/**
 * Checks the service, the Region and the time of a signature (IAM user guide, "Troubleshoot Signature Version 4 signing for AWS API
 * requests"), in the words of reports (aws/aws-sdk-js-v3 issue 1831, mhart/aws4 issue 118).
 * @param here Region of the API
 * @param stamp time of the signature, as in `20261122T233819Z`
 * @throws {AwsError} InvalidSignatureException (403)
 */
function checkCredentialScope({ service, region }: Authorization, here: string, stamp: string, signatureSkewMs: number): void {
  if (service !== 'execute-api') throw invalidSignature("Credential should be scoped to correct service: 'execute-api'.");
  if (region !== here) throw invalidSignature(`Credential should be scoped to a valid region, not '${region}'.`);
  const [signedAt, now] = [Date.parse(isoDate(stamp)), Date.now()];
  const minutes = `${signatureSkewMs / 60_000} min.`;
  const [earliest, latest] = [toStamp(now - signatureSkewMs), toStamp(now + signatureSkewMs)];
  if (signedAt < now - signatureSkewMs)
    throw invalidSignature(`Signature expired: ${stamp} is now earlier than ${earliest} (${toStamp(now)} - ${minutes})`);
  if (!(signedAt <= now + signatureSkewMs))
    throw invalidSignature(`Signature not yet current: ${stamp} is still later than ${latest} (${toStamp(now)} + ${minutes})`);
}

function toStamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
