import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import { sendJson } from '../protocols/rest-json.ts';

/** The part of Cognito user pools that an authorizer needs: their keys, and tokens signed with them. */
export type UserPools = ReturnType<typeof createUserPools>;

/** Verifies signature, issuer and expiry of a JSON web token. @returns `expired` for one that a pool signed and that has ended */
export type TokenVerifier = (
  token: string,
  userPoolArns: readonly string[],
) => Promise<
  | { readonly type: 'valid'; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly type: 'expired' }
  | { readonly type: 'invalid'; readonly reason: string }
>;

const JWKS_PATH = /^\/_aws\/cognito\/([^/?]+)\/\.well-known\/jwks\.json(?:\?|$)/;
/** Cognito developer guide, "Understanding the access token": one hour unless the app client says otherwise. */
const TOKEN_LIFE_SECONDS = 3_600;

/** @param userPoolArns `arn:...:cognito-idp:{region}:{account}:userpool/{pool id}` */
export function createUserPools(userPoolArns: readonly string[]) {
  const keys = new Map<string, ReturnType<typeof makeKey>>();
  // Generated on first use: generating a key takes time.
  const keyOf = (arn: string) => {
    const known = keys.get(arn) ?? makeKey();
    keys.set(arn, known);
    return known;
  };
  const verify: TokenVerifier = async (token, arns) => {
    let reason = 'no pool';
    for (const arn of arns.filter((each) => userPoolArns.includes(each))) {
      const { publicKey } = await keyOf(arn);
      try {
        const options = { issuer: issuerOf(arn), algorithms: ['RS256'], requiredClaims: ['exp'] };
        const { payload } = await jwtVerify(token, publicKey, options);
        return { type: 'valid', claims: payload };
      } catch (error) {
        // jose checks the expiry last: the signature and the issuer are right.
        if (error instanceof errors.JWTExpired) return { type: 'expired' };
        reason = (error as Error).message;
      }
    }
    return { type: 'invalid', reason };
  };
  return {
    verify,
    /** Issues a token for an hour: of access if the claims, which win over the usual ones, have a `scope`. @throws {RangeError} */
    async issueToken(arn: string, claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
      if (!userPoolArns.includes(arn)) throw new RangeError(`no such user pool: ${arn}`);
      const { id, privateKey } = await keyOf(arn);
      const payload = { ...usualClaims(issuerOf(arn), claims), ...claims };
      return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: id }).sign(privateKey);
    },
    /** The public keys of a pool, by its id. */
    async jwks(poolId: string): Promise<{ readonly keys: readonly JWK[] } | undefined> {
      const arn = userPoolArns.find((each) => poolIdOf(each) === poolId);
      if (!arn) return undefined;
      const { id, publicKey } = await keyOf(arn);
      return { keys: [{ ...(await exportJWK(publicKey)), kid: id, alg: 'RS256', use: 'sig' }] };
    },
  };
}

/** Answers `/_aws/cognito/{pool id}/.well-known/jwks.json`, the public keys of a user pool. @returns false for other requests */
export async function serveJwks(pools: UserPools, incoming: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const poolId = JWKS_PATH.exec(incoming.url ?? '')?.[1];
  if (poolId === undefined) return false;
  const keys = await pools.jwks(poolId);
  if (keys) sendJson(response, 200, keys);
  else sendJson(response, 404, { message: `User pool ${poolId} does not exist.` });
  return true;
}

async function makeKey() {
  return { id: randomUUID(), ...(await generateKeyPair('RS256')) };
}

/** Cognito developer guide, "Verifying JSON web tokens": `https://cognito-idp.{region}.amazonaws.com/{pool id}`. */
function issuerOf(arn: string): string {
  return `https://cognito-idp.${arn.split(':')[3]}.amazonaws.com/${poolIdOf(arn)}`;
}

function poolIdOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** Cognito developer guide, "Understanding the identity (ID) token" and "Understanding the access token". */
function usualClaims(iss: string, claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  const sub = claims['sub'] ?? randomUUID();
  const isAccess = (claims['token_use'] ?? (claims['scope'] === undefined ? 'id' : 'access')) === 'access';
  const client = 'emulatorclient';
  return {
    sub,
    iss,
    token_use: isAccess ? 'access' : 'id',
    auth_time: now,
    iat: now,
    exp: now + TOKEN_LIFE_SECONDS,
    jti: randomUUID(),
    ...(isAccess ? { client_id: client, username: sub } : { aud: client, 'cognito:username': sub }),
  };
}
