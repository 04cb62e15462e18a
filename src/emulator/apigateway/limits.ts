export const ENDPOINT_TYPES = ['EDGE', 'REGIONAL', 'PRIVATE'] as const;
export type EndpointType = (typeof ENDPOINT_TYPES)[number];

/** Developer guide, "Amazon API Gateway quotas": payload size 10 MB, in either direction. */
const PAYLOAD_BYTES = 10_485_760;

/**
 * API reference, PutIntegration `timeoutInMillis`: 50 ms at least, 29 s at most for an integration that is not streamed; developer
 * guide, "Stream the integration response": up to 15 minutes.
 */
export const INTEGRATION_TIMEOUT_MS = { min: 50, maxBuffered: 29_000, maxStream: 900_000 } as const;
/** API reference, CreateApiKey: a given value has 20 to 128 characters. */
export const API_KEY_VALUE_LENGTH = { min: 20, max: 128, generated: 40 } as const;
/** API reference, CreateAuthorizer `authorizerResultTtlInSeconds`: 300 when absent, 3600 at most, 0 turns the cache off. */
export const AUTHORIZER_TTL_SECONDS = { byDefault: 300, maximum: 3_600 } as const;
/** Developer guide, "Amazon API Gateway quotas": authorizers per API. */
export const AUTHORIZERS_PER_API = 10;
/** API reference, `limit` of the list operations: 25 when absent, 500 at most. */
export const PAGE_SIZE = { default: 25, max: 500 } as const;

/** Limits of API Gateway, and choices where AWS documents nothing. Times are milliseconds, sizes bytes, rates per second. */
export const API_GATEWAY_LIMITS = {
  /** Longest body of a request to a deployed API. */
  requestBytes: PAYLOAD_BYTES,
  /** Longest response of a buffered integration. */
  bufferedResponseBytes: PAYLOAD_BYTES,
  /** Integration timeout when `TimeoutInMillis` is absent (API reference, PutIntegration `timeoutInMillis`). */
  defaultIntegrationTimeoutMs: 29_000,
  /** Divides configured integration timeouts (`kernel/clock.ts`); the emulator's own option sets it. */
  timeScale: 1,
  /** Longest duration of a streamed response (developer guide, "Stream the integration response": 15 minutes). */
  streamDurationMs: 900_000,
  /** First bytes of a streamed response, without a bandwidth limit (same page: 10 MB; 2^20 bytes each, as in the payload quota). */
  streamFreeBytes: 10_485_760,
  /** Bandwidth of the bytes after those (same page: 2 MB/s). */
  streamBytesPerSecond: 2_097_152,
  /** Requests per second and burst of the account in this Region ("Amazon API Gateway quotas"; newer Regions: 2,500 and 1,250). */
  accountRateLimit: 10_000,
  accountBurstLimit: 5_000,
  /** Largest difference between the time of a signature and now (IAM user guide, "Troubleshoot Signature Version 4 signing"). */
  signatureSkewMs: 300_000,
  /** Status for an access token without the method's scopes: undocumented. ACCESS_DENIED of an authorizer is 403. */
  scopeMismatchStatus: 403 as 401 | 403,
  /** Shortest time between two deletions of REST APIs in the account and Region ("Amazon API Gateway quotas", control plane; fixed). */
  deleteRestApiIntervalMs: 30_000,
  /** Longest silence of a function within a streamed response, by endpoint type ("Stream the integration response"). */
  idleTimeoutMs: { REGIONAL: 300_000, PRIVATE: 300_000, EDGE: 30_000 } as Readonly<Record<EndpointType, number>>,
  /** The prelude's delimiter has to end within this many bytes ("Set up a Lambda proxy integration with payload response streaming"). */
  preludeBytes: 16_384,
  /** Status without a valid prelude: the API Gateway guide says 500, the Lambda guide and reports of those who met it say 502. */
  invalidPreludeStatus: 502 as 500 | 502,
  /** Status when Lambda has no concurrency left for the function: undocumented, 500 as users report it. */
  throttledFunctionStatus: 500 as 500 | 502,
  /** When status and headers are sent: as soon as the prelude is complete, or with the first byte of the body. Undocumented. */
  headersLeave: 'with-prelude' as 'with-prelude' | 'with-first-byte',
  /** How long TestInvokeMethod waits at most, and how much of an answer it reads ("Stream the integration response": 35 seconds, 1 MB). */
  testInvokeMs: 35_000,
  testInvokeBytes: 1_048_576,
  /** Whether the idle timer runs before the prelude has arrived: undocumented, so the stricter choice. */
  idleTimerBeforePrelude: true,
  /** How a stream ends when its function fails or times out after the prelude: undocumented, so the stricter choice. */
  midStreamError: 'cut' as 'cut' | 'clean-end',
};

export type ApiGatewayLimits = Readonly<typeof API_GATEWAY_LIMITS>;
