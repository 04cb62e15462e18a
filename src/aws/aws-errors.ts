import { serviceCode } from '../cli/error-codes.ts';
import { AgentstreamError, type Hint, hint, isAbort, OperationError, UsageError } from '../cli/errors.ts';
import type { AwsAccess } from './aws-access.ts';
import { connectionHint, isNotOpened, LOOPBACK } from './connection-failure.ts';
import { credentialError } from './credential-errors.ts';

/**
 * Turns an error of an SDK client into an error of ours: once, at the edge. Errors of ours and aborts pass unchanged. A missing Region
 * is a UsageError.
 */
export function toOperationError(error: unknown, access: AwsAccess): Error {
  if (error instanceof AgentstreamError || isAbort(error)) return error as Error;
  if (!(error instanceof Error)) return new Error(String(error));
  const { name, message, code, hostname } = error as SdkError;
  if (/region is missing/i.test(message)) {
    const { profile } = access;
    const other = profile === undefined ? '' : `; the profile ${profile} has none, or does not exist`;
    return new UsageError('NO_REGION', 'no AWS Region is set', {
      hint: `give --region, or set AWS_REGION${other}`,
      cause: error,
    });
  }
  const refused = credentialError(error, access);
  if (refused) return refused;
  if (isNotOpened(code) || BROKEN.has(code ?? '') || BROKEN.has(name)) {
    const where = access.endpointUrl ?? hostname ?? 'AWS';
    return new OperationError('NO_CONNECTION', `no connection to ${where} (${code ?? name})`, {
      hint: isNotOpened(code) ? noConnectionHint(code, access) : 'run the command again',
      cause: error,
    });
  }
  return foreignAnswer(error, access) ?? new OperationError(serviceCode(name), firstLine(message), { cause: error });
}

function noConnectionHint(code: string, { endpointUrl, proxies }: AwsAccess): Hint {
  if (endpointUrl === undefined)
    return connectionHint(code, { url: undefined, proxies }, 'check the network, and --region for a typing error');
  const isDevPort = !proxies && code === 'ECONNREFUSED' && LOOPBACK.test(new URL(endpointUrl).hostname);
  if (isDevPort) return hint`start the emulator: ${['agentstream', 'dev']}`;
  return connectionHint(code, { url: endpointUrl, proxies }, 'check AWS_ENDPOINT_URL');
}

/**
 * The error for an answer that no service of AWS gives: an HTML page of a proxy or a gateway, an empty body. The SDK throws the error of
 * its parser, with the status, or an exception named `Unknown`. Undefined for other errors.
 */
function foreignAnswer(error: Error, access: AwsAccess): OperationError | undefined {
  const { name, message, $metadata, $fault } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  if (status === undefined || ($fault !== undefined && name !== 'Unknown')) return undefined;
  const said = name === 'Unknown' && !/^Unknown(Error)?$/.test(message) ? `: ${firstLine(message)}` : '';
  return notAws(`${status}${said}`, access, error);
}

/** The error for an answer without what AWS always answers. @param answer its status, or what is missing */
export function notAws(answer: string, { endpointUrl }: AwsAccess, cause?: unknown): OperationError {
  const where = endpointUrl ?? 'AWS';
  return new OperationError('NOT_AWS', `what answers at ${where} is not AWS (${answer})`, {
    hint: endpointUrl
      ? 'check AWS_ENDPOINT_URL; a proxy or a gateway before it may have answered in its place: try again in a moment'
      : 'a proxy or a login page of the network may have answered in its place: try again in a moment',
    cause,
  });
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

interface SdkError extends Error {
  readonly code?: string;
  /** The host name that does not resolve. */
  readonly hostname?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** Set on exceptions of services. */
  readonly $fault?: string;
}

/** Codes of Node.js for a connection that broke, and the SDK's names for one that took too long. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'TimeoutError', 'RequestTimeout']);

const THROTTLED = /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded)$/;

/** In the status reason of a resource: a service was throttled. */
const THROTTLED_REASON = /Too Many Requests|Rate exceeded|HandlerErrorCode: Throttling/i;

/** The kind of a transient error of an SDK client; undefined for any other error. */
export function transientError(error: unknown): 'network' | 'throttled' | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code, $metadata } = error as SdkError;
  if (THROTTLED.test(name)) return 'throttled';
  return isNotOpened(code) || BROKEN.has(code ?? '') || BROKEN.has(name) || ($metadata?.httpStatusCode ?? 0) >= 500
    ? 'network'
    : undefined;
}

/** Whether a resource's status reason says that a service was throttled. */
export function isThrottledReason(reason: string | undefined): boolean {
  return THROTTLED_REASON.test(reason ?? '');
}
