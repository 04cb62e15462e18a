/**
 * The gateway response types, API Gateway's own errors, with the status of each unless a GatewayResponse changes it (developer guide,
 * "Gateway response types for API Gateway").
 */
export const GATEWAY_RESPONSE_STATUS = {
  ACCESS_DENIED: 403,
  API_CONFIGURATION_ERROR: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  AUTHORIZER_FAILURE: 500,
  BAD_REQUEST_BODY: 400,
  BAD_REQUEST_PARAMETERS: 400,
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  INVALID_API_KEY: 403,
  INVALID_SIGNATURE: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  QUOTA_EXCEEDED: 429,
  REQUEST_TOO_LARGE: 413,
  RESOURCE_NOT_FOUND: 404,
  THROTTLED: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
  WAF_FILTERED: 403,
} as const;

export type GatewayResponseType = keyof typeof GATEWAY_RESPONSE_STATUS;

/** The form of an error's body where it is not `{"message": ...}` with the error's message. */
interface GatewayErrorForm {
  /** The body is the message, in plain text. */
  readonly plainText?: boolean;
  /** The whole body, unless a GatewayResponse customises it, whose template has `message`. */
  readonly body?: string;
  /** The client gets `null`; only the API's log has the message. */
  readonly hidden?: boolean;
}

/** An error that the gateway sends to a client in place of the integration's answer. */
export class GatewayError extends Error {
  /** Type of the GatewayResponse that can customise it; undefined when none can. */
  readonly responseType: GatewayResponseType | undefined;
  readonly status: number;
  /** Value of the `x-amzn-ErrorType` header. */
  readonly errorType: string;
  readonly form: GatewayErrorForm;

  constructor(
    responseType: GatewayResponseType | undefined,
    status: number,
    errorType: string,
    message: string,
    form: GatewayErrorForm = {},
  ) {
    super(message);
    this.name = 'GatewayError';
    this.responseType = responseType;
    this.status = status;
    this.errorType = errorType;
    this.form = form;
  }
}

/** The answer to a path or method that is not deployed, and to a call without the signature that it needs. */
export function missingAuthenticationToken(): GatewayError {
  return new GatewayError(
    'MISSING_AUTHENTICATION_TOKEN',
    403,
    'MissingAuthenticationTokenException',
    'Missing Authentication Token',
  );
}

/**
 * Any error of the integration (Lambda guide, "Handling errors with an API Gateway API"): 500 when Lambda refuses the
 * call, 502 when the function fails or answers in the wrong format.
 */
export function internalServerError(
  status: 500 | 502,
  responseType: GatewayResponseType = 'DEFAULT_5XX',
): GatewayError {
  return new GatewayError(responseType, status, 'InternalServerErrorException', 'Internal server error');
}

/** The identity that an authorizer needs is missing or not valid (API reference, CreateAuthorizer `identitySource`). */
export function unauthorized(message = 'Unauthorized'): GatewayError {
  return new GatewayError('UNAUTHORIZED', 401, 'UnauthorizedException', message);
}

/**
 * A policy denies access. `Message` is written with a capital (developer guide, "Create and attach an API Gateway
 * resource policy to an API", troubleshooting).
 */
export function accessDenied(message: string): GatewayError {
  const body = JSON.stringify({ Message: message });
  return new GatewayError('ACCESS_DENIED', 403, 'AccessDeniedException', message, { body });
}

/** Forbidden without a reason: by a web ACL, for a private API from outside, for an API that only a custom domain leads to. */
export function forbidden(responseType?: GatewayResponseType): GatewayError {
  return new GatewayError(responseType, 403, 'ForbiddenException', 'Forbidden');
}

/**
 * A Lambda authorizer cannot be called, fails, or returns no policy. Clients see `{"message":null}` and the one error
 * type (serverless/examples issue 305, aws/chalice issue 670).
 */
export function authorizerError(
  responseType: 'AUTHORIZER_CONFIGURATION_ERROR' | 'AUTHORIZER_FAILURE',
  reason: string,
): GatewayError {
  const type = 'AuthorizerConfigurationException';
  return new GatewayError(responseType, 500, type, reason, { hidden: true });
}

/** A token bucket is empty. */
export function tooManyRequests(): GatewayError {
  return new GatewayError('THROTTLED', 429, 'TooManyRequestsException', 'Too Many Requests');
}

/** Within the 10 MB of the gateway, and longer than an event of Lambda may be (reports of users). */
export function requestTooLong(): GatewayError {
  return new GatewayError('REQUEST_TOO_LARGE', 413, 'RequestTooLargeException', 'Request Too Long');
}

/** The quota of a usage plan is used up. */
export function limitExceeded(): GatewayError {
  return new GatewayError('QUOTA_EXCEEDED', 429, 'LimitExceededException', 'Limit Exceeded');
}

export function integrationTimeout(): GatewayError {
  return new GatewayError('INTEGRATION_TIMEOUT', 504, 'InternalServerErrorException', 'Endpoint request timed out');
}
