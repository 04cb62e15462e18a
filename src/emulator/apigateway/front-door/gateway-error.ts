/** Status of each type of API Gateway's own errors (developer guide, "Gateway response types for API Gateway"). */
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

/** The form of an error where it is not the status of its type and `{"message": ...}` with its message. */
interface GatewayErrorForm {
  readonly status?: number;
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

  constructor(responseType: GatewayResponseType | undefined, errorType: string, message: string, form: GatewayErrorForm = {}) {
    super(message);
    this.name = 'GatewayError';
    this.responseType = responseType;
    this.status = form.status ?? (responseType && GATEWAY_RESPONSE_STATUS[responseType]) ?? 500;
    this.errorType = errorType;
    this.form = form;
  }
}

/** The answer to a path or method that is not deployed, and to a call without the signature that it needs. */
export const missingAuthenticationToken = () =>
  new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'MissingAuthenticationTokenException', 'Missing Authentication Token');

/** 500 when Lambda refuses the call, 502 when the function fails (Lambda guide, "Handling errors with an API Gateway API"). */
export const internalServerError = (status: 500 | 502, responseType: GatewayResponseType = 'DEFAULT_5XX') =>
  new GatewayError(responseType, 'InternalServerErrorException', 'Internal server error', { status });

/** The identity that an authorizer needs is missing or not valid (API reference, CreateAuthorizer `identitySource`). */
export const unauthorized = (message = 'Unauthorized') => new GatewayError('UNAUTHORIZED', 'UnauthorizedException', message);

/** A policy denies access. `Message` is written with a capital (developer guide, "Create and attach ... resource policy", troubleshooting). */
export const accessDenied = (message: string) =>
  new GatewayError('ACCESS_DENIED', 'AccessDeniedException', message, { body: JSON.stringify({ Message: message }) });

/** Forbidden without a reason: by a web ACL, without an API key, for a private API from outside, for an API behind a custom domain only. */
export const forbidden = (responseType?: GatewayResponseType) =>
  new GatewayError(responseType, 'ForbiddenException', 'Forbidden', { status: 403 });

/** Clients see `{"message":null}` and the one error type (serverless/examples issue 305, aws/chalice issue 670). */
export const authorizerError = (responseType: 'AUTHORIZER_CONFIGURATION_ERROR' | 'AUTHORIZER_FAILURE', reason: string) =>
  new GatewayError(responseType, 'AuthorizerConfigurationException', reason, { hidden: true });

/** Within the 10 MB of the gateway, and longer than an event of Lambda may be (reports of users). */
export const requestTooLong = () => new GatewayError('REQUEST_TOO_LARGE', 'RequestTooLargeException', 'Request Too Long');

export const integrationTimeout = () =>
  new GatewayError('INTEGRATION_TIMEOUT', 'InternalServerErrorException', 'Endpoint request timed out');
