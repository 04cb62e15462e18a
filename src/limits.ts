/** Limits of AWS that the CLI tells people about. The emulator has its own, which can be shrunk. */

/** Longest silence of a streamed response by endpoint type, ms (API Gateway Developer Guide, "Stream the integration response"). */
export const IDLE_LIMIT_MS: Readonly<Record<string, number>> = {
  REGIONAL: 300_000,
  PRIVATE: 300_000,
  EDGE: 30_000,
};

/** Longest streamed response, ms (same page). */
export const STREAM_LIMIT_MS = 900_000;
