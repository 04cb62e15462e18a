import type { EndpointType } from './rest-api.ts';

/** Limits of API Gateway, and choices where AWS documents nothing. Times are milliseconds, sizes bytes, rates per second. */
export interface ApiGatewayLimits {
  /** Longest body of a request to a deployed API. */
  readonly requestBytes: number;
  /** Longest response of a buffered integration. */
  readonly bufferedResponseBytes: number;
  /** Integration timeout when `TimeoutInMillis` is absent. */
  readonly defaultIntegrationTimeoutMs: number;
  /** Divides configured integration timeouts (`kernel/clock.ts`); the emulator's own option sets it. */
  readonly timeScale: number;
  /** Longest duration of a streamed response. */
  readonly streamDurationMs: number;
  /** First bytes of a streamed response, which are sent without a bandwidth limit. */
  readonly streamFreeBytes: number;
  /** Bandwidth of the bytes after those. */
  readonly streamBytesPerSecond: number;
  /** Requests per second of the account in this Region, and the size of its token bucket. */
  readonly accountRateLimit: number;
  readonly accountBurstLimit: number;
  /** Largest difference between the time of a signature and now. */
  readonly signatureSkewMs: number;
  /** Status for an access token without any of the method's scopes: undocumented. */
  readonly scopeMismatchStatus: 401 | 403;
  /** Shortest time between two deletions of REST APIs in the account and Region. */
  readonly deleteRestApiIntervalMs: number;
  /** Longest silence of a function within a streamed response, by endpoint type. */
  readonly idleTimeoutMs: Readonly<Record<EndpointType, number>>;
  /** The prelude's delimiter has to end within this many bytes. */
  readonly preludeBytes: number;
  /** Status when a function of a STREAM integration sends no valid prelude. */
  readonly invalidPreludeStatus: 500 | 502;
  /** Status when Lambda has no concurrency left for the function: undocumented, 500 as users report it. */
  readonly throttledFunctionStatus: 500 | 502;
  /** When status and headers are sent: as soon as the prelude is complete, or with the first byte of the body. Undocumented. */
  readonly headersLeave: 'with-prelude' | 'with-first-byte';
  /** Whether the idle timer runs before the prelude has arrived: undocumented, so the stricter choice. */
  readonly idleTimerBeforePrelude: boolean;
  /** How a stream ends when its function fails or times out after the prelude: undocumented, so the stricter choice. */
  readonly midStreamError: 'cut' | 'clean-end';
}

/** Developer guide, "Amazon API Gateway quotas": payload size 10 MB, in either direction. */
const PAYLOAD_BYTES = 10_485_760;

/** API reference, PutIntegration `timeoutInMillis`: 50 ms at least. */
export const MIN_INTEGRATION_TIMEOUT_MS = 50;
/** Same page, for an integration that is not streamed. */
export const MAX_BUFFERED_INTEGRATION_TIMEOUT_MS = 29_000;
/** Developer guide, "Stream the integration response": timeouts of up to 15 minutes. */
export const MAX_STREAM_INTEGRATION_TIMEOUT_MS = 900_000;
/** API reference, CreateApiKey: a given value has 20 to 128 characters. */
export const API_KEY_VALUE_LENGTH = { min: 20, max: 128, generated: 40 } as const;
/** API reference, CreateAuthorizer `authorizerResultTtlInSeconds`: 300 when absent, 3600 at most, 0 turns the cache off. */
export const AUTHORIZER_TTL_SECONDS = { byDefault: 300, maximum: 3_600 } as const;
/** Developer guide, "Amazon API Gateway quotas": authorizers per API. */
export const AUTHORIZERS_PER_API = 10;
/** API reference, `limit` of the list operations: 25 when absent, 500 at most. */
export const PAGE_SIZE = { default: 25, max: 500 } as const;

/** The limits as AWS has them. */
export const API_GATEWAY_LIMITS: ApiGatewayLimits = {
  requestBytes: PAYLOAD_BYTES,
  bufferedResponseBytes: PAYLOAD_BYTES,
  // API reference, PutIntegration `timeoutInMillis`: "The default value is 29,000 milliseconds".
  defaultIntegrationTimeoutMs: 29_000,
  timeScale: 1,
  // Developer guide, "Stream the integration response" (response-transfer-mode): 15 minutes.
  streamDurationMs: 900_000,
  // "Stream the integration response": the first 10 MB are not restricted, the rest is sent at 2 MB/s; MB is 2^20 bytes here, as in the
  // payload quota.
  streamFreeBytes: 10_485_760,
  streamBytesPerSecond: 2_097_152,
  // Developer guide, "Amazon API Gateway quotas": throttle quota per account and Region, 2,500 and 1,250 in newer Regions.
  accountRateLimit: 10_000,
  accountBurstLimit: 5_000,
  // IAM user guide, "Troubleshoot Signature Version 4 signing": a request has to arrive within five minutes of its time stamp.
  signatureSkewMs: 300_000,
  // "Gateway response types": ACCESS_DENIED, 403, "when access is denied by a custom or Amazon Cognito authorizer".
  scopeMismatchStatus: 403,
  // Developer guide, "Amazon API Gateway quotas", quotas of the control plane: DeleteRestApi once in 30 seconds, fixed.
  deleteRestApiIntervalMs: 30_000,
  // Same page: 5 minutes on Regional and private endpoints, 30 seconds on edge-optimized ones.
  idleTimeoutMs: { REGIONAL: 300_000, PRIVATE: 300_000, EDGE: 30_000 },
  // Developer guide, "Set up a Lambda proxy integration with payload response streaming": the first 16 KB.
  preludeBytes: 16_384,
  // The API Gateway guide says 500. The Lambda guide ("Handling errors with an API Gateway API") says 502 for any answer
  // "in the wrong format", and so do the reports of those who met it.
  invalidPreludeStatus: 502,
  throttledFunctionStatus: 500,
  headersLeave: 'with-prelude',
  idleTimerBeforePrelude: true,
  midStreamError: 'cut',
};
