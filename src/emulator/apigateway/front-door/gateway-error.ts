/**
 * Kinds of error that API Gateway makes itself, with the status that each has unless it is customised (developer guide, "Gateway
 * response types for API Gateway").
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

/** How an error's body is written, where that is not `{"message": ...}` with the error's message. */
export interface GatewayErrorForm {
  /** An error in plain text has its message for a body. */
  readonly plainText?: boolean;
  /** The whole body, as long as no GatewayResponse customises it: the template of one says `message`. */
  readonly body?: string;
  /** The client gets `null`; the message is for the log of the API alone. */
  readonly hidden?: boolean;
}

/** An error that the gateway answers a client with, before or instead of the integration's answer. */
export class GatewayError extends Error {
  /** Which GatewayResponse of the API customises it; undefined when none can. */
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

/** What a client gets for a path or method that is not deployed, and for a call without the signature it needs. */
export function missingAuthenticationToken(): GatewayError {
  return new GatewayError(
    'MISSING_AUTHENTICATION_TOKEN',
    403,
    'MissingAuthenticationTokenException',
    'Missing Authentication Token',
  );
}

/**
 * Whatever goes wrong behind the gateway (Lambda guide, "Handling errors with an API Gateway API"): 500 when Lambda refuses the
 * call, 502 when the function fails or answers in the wrong format.
 */
export function internalServerError(
  status: 500 | 502,
  responseType: GatewayResponseType = 'DEFAULT_5XX',
): GatewayError {
  return new GatewayError(
    responseType,
    status,
    'InternalServerErrorException',
    'Internal server error',
  );
}

/** An authorizer that wants an identity, or another one (API reference, CreateAuthorizer `identitySource`). */
export function unauthorized(message = 'Unauthorized'): GatewayError {
  return new GatewayError('UNAUTHORIZED', 401, 'UnauthorizedException', message);
}

/**
 * A policy does not let the caller in. `Message` is written with a capital (developer guide, "Create and attach an API Gateway
 * resource policy to an API", troubleshooting).
 */
export function accessDenied(message: string): GatewayError {
  const body = JSON.stringify({ Message: message });
  return new GatewayError('ACCESS_DENIED', 403, 'AccessDeniedException', message, { body });
}

/** Refused without a word: a web ACL, a private API from outside, an API that only a custom domain leads to. */
export function forbidden(responseType?: GatewayResponseType): GatewayError {
  return new GatewayError(responseType, 403, 'ForbiddenException', 'Forbidden');
}

/**
 * A Lambda authorizer that cannot be called, fails, or answers what is no policy. Clients see `{"message":null}` and the one error
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

/** The quota of a usage plan is used up. */
export function limitExceeded(): GatewayError {
  return new GatewayError('QUOTA_EXCEEDED', 429, 'LimitExceededException', 'Limit Exceeded');
}

export function integrationTimeout(): GatewayError {
  return new GatewayError(
    'INTEGRATION_TIMEOUT',
    504,
    'InternalServerErrorException',
    'Endpoint request timed out',
  );
}
