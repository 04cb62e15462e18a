import type { Config } from './config.ts';

/** Headers that a browser's script may read beside the simple ones. */
const EXPOSED_HEADERS = 'X-Session-Id, Server-Timing, x-amzn-RequestId, Retry-After';

/**
 * What a browser is told of who may read an answer (Fetch standard, "CORS protocol"). One origin is named to everybody. Of several
 * the request's own, when it is exactly one of them; it is never reflected unread, and caches are told that the answer depends on it.
 * @param origin of the request; undefined when it has none
 */
export function corsHeaders(
  { corsOrigins, corsCredentials }: Pick<Config, 'corsOrigins' | 'corsCredentials'>,
  origin: string | undefined,
): Record<string, string> {
  if (corsOrigins.length === 0) return {};
  const allowed = corsOrigins.find((one) => corsOrigins.length === 1 || one === origin);
  return {
    ...(corsOrigins[0] !== '*' && { Vary: 'Origin' }),
    ...(allowed && {
      'Access-Control-Allow-Origin': allowed,
      'Access-Control-Expose-Headers': EXPOSED_HEADERS,
      ...(corsCredentials && allowed !== '*' && { 'Access-Control-Allow-Credentials': 'true' }),
    }),
  };
}
