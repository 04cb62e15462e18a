/**
 * Scale of time: how many times sooner a limit on waiting is reached, so that a person can see it. One factor for the whole emulator.
 *
 * - A limit on silence or idleness (`scaleWait`) is divided by it: API Gateway's idle timeouts, an idle execution environment, an
 *   idle runtime session; and so is how long something is remembered: the answer of a Lambda authorizer, and the requests that a
 *   rate-based rule of AWS WAF counts.
 * - A limit on the length of something that works (`scaleLength`) is divided, too, but a long one not to less than a minute, so that
 *   an answer still has room in it: integration timeouts, the 15 minutes of a stream, function timeouts (and with them what
 *   `getRemainingTimeInMillis` says), AgentCore's stream cap, its request timeout and the life of a session.
 * - Nothing else is: no rate, no quota, no size, no bandwidth, not the time that a start takes or may take, and no time of a fault.
 */
export const SHORTEST_SCALED_LENGTH_MS = 60_000;

/** A limit on silence, ms. */
export function scaleWait(ms: number, timeScale: number): number {
  return ms / timeScale;
}

/** A limit on a length, ms. One that is below a minute anyway stays as it is. */
export function scaleLength(ms: number, timeScale: number): number {
  return Math.max(ms / timeScale, Math.min(ms, SHORTEST_SCALED_LENGTH_MS));
}
