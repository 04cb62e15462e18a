import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../protocols/rest-json.ts';
import type { UserPools } from './user-pools.ts';

const PATH = /^\/_aws\/cognito\/([^/?]+)\/\.well-known\/jwks\.json(?:\?|$)/;

/**
 * Answers a request for the public keys of a user pool: `/_aws/cognito/{pool id}/.well-known/jwks.json`.
 * @returns false for any other request
 */
export async function serveJwks(
  pools: UserPools,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const poolId = PATH.exec(incoming.url ?? '')?.[1];
  if (poolId === undefined) return false;
  const keys = await pools.jwks(poolId);
  if (keys) sendJson(response, 200, keys);
  else sendJson(response, 404, { message: `User pool ${poolId} does not exist.` });
  return true;
}
