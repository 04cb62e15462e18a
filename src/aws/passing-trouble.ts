import { NO_CONNECTION } from './aws-access.ts';

/** Codes of Node.js for a connection that broke, and the SDK's names for one that took too long. */
const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'TimeoutError', 'RequestTimeout']);

const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded)$/;

/** AWS in the status of a resource, for an API that was asked too often. */
const THROTTLED_REASON = /Too Many Requests|Rate exceeded|HandlerErrorCode: Throttling/i;

/** Why a call of an SDK client failed, when the same call may succeed later. */
export function passingTrouble(error: unknown): 'network' | 'throttled' | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code, $metadata } = error as Error & {
    readonly code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  if (THROTTLED.test(name)) return 'throttled';
  const isBroken = [name, code ?? ''].some((word) => BROKEN.has(word) || NO_CONNECTION.has(word));
  return isBroken || ($metadata?.httpStatusCode ?? 0) >= 500 ? 'network' : undefined;
}

/** Whether a resource's reason says that a service was asked too often. */
export function isThrottledReason(reason: string | undefined): boolean {
  return THROTTLED_REASON.test(reason ?? '');
}
