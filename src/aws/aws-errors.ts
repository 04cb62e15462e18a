import { serviceCode } from '../cli/error-codes.ts';
import { AgentstreamError, isAbort, OperationError, UsageError } from '../cli/errors.ts';
import { type Hint, hint } from '../cli/hint.ts';
import type { AwsAccess } from './aws-access.ts';

/** Codes of Node.js for a connection that could not be opened. */
export const NO_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

/**
 * Turns an error of an SDK client into an error of ours: once, at the edge. Errors of ours and aborts pass unchanged. A missing Region
 * is a UsageError.
 */
export function toOperationError(error: unknown, access: AwsAccess): Error {
  if (error instanceof AgentstreamError || isAbort(error)) return error as Error;
  if (!(error instanceof Error)) return new Error(String(error));
  const { name, message, code } = error as Error & { code?: string };
  if (/region is missing/i.test(message)) {
    return new UsageError('NO_REGION', 'no AWS Region is set', {
      hint: 'give --region, or set AWS_REGION',
      cause: error,
    });
  }
  if (name === 'CredentialsProviderError' || /could not load credentials/i.test(message)) {
    return new OperationError('NO_CREDENTIALS', `no AWS credentials: ${firstLine(message)}`, {
      hint: credentialsHint(access, message),
      cause: error,
    });
  }
  if (/^(ExpiredToken|ExpiredTokenException|RequestExpired)$/.test(name)) {
    return new OperationError('EXPIRED_CREDENTIALS', 'the AWS credentials have expired', {
      hint: credentialsHint(access, 'sso'),
      cause: error,
    });
  }
  if (code !== undefined && NO_CONNECTION.has(code)) {
    const where = access.endpointUrl ?? 'AWS';
    return new OperationError('NO_CONNECTION', `no connection to ${where} (${code})`, {
      hint: access.endpointUrl
        ? hint`start the emulator: ${['agentstream', 'dev']}`
        : 'check the network, and --region for a typing error',
      cause: error,
    });
  }
  return new OperationError(serviceCode(name), firstLine(message), { cause: error });
}

function credentialsHint(access: AwsAccess, message: string): Hint {
  const profile = access.profile ? ['--profile', access.profile] : [];
  return /sso/i.test(message)
    ? hint`run: ${['aws', 'sso', 'login', ...profile]}`
    : hint`give --profile, run \`${['aws', 'configure', ...profile]}\`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without an account: ${['agentstream', 'dev']}`;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

/** Codes of Node.js for a connection that broke, and the SDK's names for one that took too long. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'TimeoutError', 'RequestTimeout']);

const THROTTLED = /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded)$/;

/** In the status reason of a resource: a service was throttled. */
const THROTTLED_REASON = /Too Many Requests|Rate exceeded|HandlerErrorCode: Throttling/i;

/** The kind of a transient error of an SDK client; undefined for any other error. */
export function transientError(error: unknown): 'network' | 'throttled' | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code, $metadata } = error as Error & {
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  if (THROTTLED.test(name)) return 'throttled';
  const isBroken = [name, code ?? ''].some((word) => BROKEN.has(word) || NO_CONNECTION.has(word));
  return isBroken || ($metadata?.httpStatusCode ?? 0) >= 500 ? 'network' : undefined;
}

/** Whether a resource's status reason says that a service was throttled. */
export function isThrottledReason(reason: string | undefined): boolean {
  return THROTTLED_REASON.test(reason ?? '');
}

/** How to renew the credentials in use: a command that works as printed, where there is one. */
export function renewCredentials({ credentials, profile }: AwsAccess): Hint {
  if (credentials && !profile) {
    return 'set fresh ones: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN';
  }
  return hint`run: ${['aws', 'sso', 'login', ...(profile ? ['--profile', profile] : [])]}`;
}
