/** Limits of AWS that the CLI reports. The emulator has its own, which options can reduce. */

/** Longest silence of a streamed response by endpoint type, ms (API Gateway Developer Guide, "Stream the integration response"). */
export const IDLE_LIMIT_MS: Readonly<Record<string, number>> = { REGIONAL: 300_000, PRIVATE: 300_000, EDGE: 30_000 };

/** Longest streamed response, ms (same page). */
export const STREAM_LIMIT_MS = 900_000;

/** Longest streamed response of an agent that is called directly, ms (AgentCore, "Quotas for Amazon Bedrock AgentCore"). */
export const AGENT_STREAM_LIMIT_MS = 3_600_000;

/**
 * Size of an answer up to which Lambda sends unthrottled, bytes (Lambda guide, "Configuring response streaming"). What is streamed
 * past it is charged for.
 */
export const LAMBDA_THROTTLE_BYTES = 6_000_000;

/**
 * The same of API Gateway ("Stream the integration response"). "Each started 10 MB of a streamed response counts as one request" (AWS
 * Compute Blog on API Gateway response streaming).
 */
export const API_THROTTLE_BYTES = 10_000_000;

/** The throughput of both past it, bytes per second. Whether megabytes are 10^6 or 2^20 bytes, neither page says. */
export const THROTTLED_BYTES_PER_SECOND = 2_000_000;

/** Invocations per second and agent (AgentCore, "Quotas for Amazon Bedrock AgentCore"). */
export const AGENT_TURNS_PER_SECOND = 200;

/** New sessions per minute and endpoint of a container agent (same page). */
export const NEW_SESSIONS_PER_MINUTE = 400;

/** An idle limit where time is scaled, ms. @param timeScale an emulator divides its limits by this; 1 or absent is AWS */
export function scaleIdleLimit(ms: number, timeScale = 1): number {
  return ms / timeScale;
}

/** A limit on the length of a stream where time is scaled, ms: at least a minute. */
export function scaleLengthLimit(ms: number, timeScale = 1): number {
  return Math.max(ms / timeScale, Math.min(ms, SHORTEST_SCALED_LENGTH_MS));
}

/** An answer still fits into a minute. The emulator has the same bound. */
const SHORTEST_SCALED_LENGTH_MS = 60_000;
