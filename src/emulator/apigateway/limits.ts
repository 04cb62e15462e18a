import type { EndpointType } from './rest-api.ts';

/** Limits of API Gateway, and the points that AWS leaves undocumented. Times are milliseconds, sizes bytes. */
export interface ApiGatewayLimits {
  /** Longest body of a request to a deployed API. */
  readonly requestBytes: number;
  /** Longest response of a buffered integration. */
  readonly bufferedResponseBytes: number;
  /** Integration timeout when `TimeoutInMillis` is absent. */
  readonly defaultIntegrationTimeoutMs: number;
  /** Longest life of a streamed response. */
  readonly streamDurationMs: number;
  /** Longest silence of a function within a streamed response, by endpoint type. */
  readonly idleTimeoutMs: Readonly<Record<EndpointType, number>>;
  /** The prelude's delimiter has to end within this many bytes. */
  readonly preludeBytes: number;
  /** What the client gets when a function of a STREAM integration sends no valid prelude. */
  readonly invalidPreludeStatus: 500 | 502;
  /** Whether the idle timer runs before the prelude has arrived: undocumented, so the stricter reading. */
  readonly idleTimerBeforePrelude: boolean;
  /** What the client sees of a function that fails after its prelude: undocumented, so the stricter reading. */
  readonly midStreamError: 'cut' | 'clean-end';
}

/** Developer guide, "Amazon API Gateway quotas": payload size 10 MB, in either direction. */
const PAYLOAD_BYTES = 10_485_760;
/** API reference, PutIntegration `timeoutInMillis`: "The default value is 29,000 milliseconds". */
const DEFAULT_INTEGRATION_TIMEOUT_MS = 29_000;
/** Developer guide, "Stream the integration response" (response-transfer-mode): 15 minutes. */
const STREAM_DURATION_MS = 900_000;
/** Same page: 5 minutes on Regional and private endpoints, 30 seconds on edge-optimized ones. */
const IDLE_TIMEOUT_MS = { REGIONAL: 300_000, PRIVATE: 300_000, EDGE: 30_000 } as const;
/** Developer guide, "Set up a Lambda proxy integration with payload response streaming": the first 16 KB. */
const PRELUDE_BYTES = 16_384;

/** API reference, PutIntegration `timeoutInMillis`: 50 ms at least. */
export const MIN_INTEGRATION_TIMEOUT_MS = 50;
/** Same place, for an integration that is not streamed. */
export const MAX_BUFFERED_INTEGRATION_TIMEOUT_MS = 29_000;
/** Developer guide, "Stream the integration response": timeouts of up to 15 minutes. */
export const MAX_STREAM_INTEGRATION_TIMEOUT_MS = 900_000;
/** API reference, CreateApiKey: a given value has 20 to 128 characters. */
export const API_KEY_VALUE_LENGTH = { min: 20, max: 128, generated: 40 } as const;
/** API reference, `limit` of the list operations: 25 when absent, 500 at most. */
export const PAGE_SIZE = { default: 25, max: 500 } as const;

/** The limits as AWS has them. */
export const API_GATEWAY_LIMITS: ApiGatewayLimits = {
  requestBytes: PAYLOAD_BYTES,
  bufferedResponseBytes: PAYLOAD_BYTES,
  defaultIntegrationTimeoutMs: DEFAULT_INTEGRATION_TIMEOUT_MS,
  streamDurationMs: STREAM_DURATION_MS,
  idleTimeoutMs: IDLE_TIMEOUT_MS,
  preludeBytes: PRELUDE_BYTES,
  // The API Gateway guide says 500. The Lambda guide ("Handling errors with an API Gateway API") says 502 for any answer
  // "in the wrong format", and so do the reports of those who met it.
  invalidPreludeStatus: 502,
  idleTimerBeforePrelude: true,
  midStreamError: 'cut',
};
