import { NO_CONNECTION } from '../aws/aws-access.ts';
import { OperationError } from '../cli/errors.ts';
import type { PartSink } from './exchange.ts';
import type { CallHead } from './sdk-call.ts';
import type { SdkAccess } from './sdk-client.ts';
import { connectFailed, streamCut } from './transport-error.ts';

/** An exception that the service answered with. */
export interface ServiceFailure {
  /** HTTP status. */
  readonly status: number;
  /** For example `ThrottlingException`. */
  readonly name: string;
  readonly message: string;
  readonly requestId: string | undefined;
}

/** Reads an exception of an SDK client; undefined when it is none that the service has answered with. */
export function readServiceFailure(error: unknown): ServiceFailure | undefined {
  const { name, message } = error as Error;
  const { httpStatusCode: status, requestId } = readMetadata(error);
  // The SDK names the status of a good answer, too, when it could not read that answer.
  if (status === undefined || status < FIRST_ERROR_STATUS) return undefined;
  return { status, name, message, requestId };
}

const FIRST_ERROR_STATUS = 300;

interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
}

function readMetadata(error: unknown): Metadata {
  return (error as { readonly $metadata?: Metadata }).$metadata ?? {};
}

/** Hands an exception over as the endpoint tells its failures: a status and a JSON body with `error` and `code`. */
export function pushFailure(
  sink: PartSink,
  failure: ServiceFailure,
  code: string,
  head: CallHead | undefined,
): void {
  const { status, message, requestId } = failure;
  const headers = { ...head?.headers, 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify({ error: message, code, requestId }));
  const now = performance.now();
  sink.push({ type: 'headers', at: head?.at ?? now, status, headers });
  sink.push({ type: 'chunk', at: now, bytes: body });
  sink.push({ type: 'end', at: now });
}

/** What a call that the service has not answered failed of. */
export function toCallError(error: unknown, { explain }: SdkAccess): Error {
  if (!(error instanceof Error) || error instanceof OperationError) return explain(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && NO_CONNECTION.has(code)) return connectFailed(error);
  if (code === 'ECONNRESET' || code === 'EPIPE') return streamCut(code, error);
  if (readMetadata(error).httpStatusCode !== undefined) return streamCut(error.name, error);
  return explain(error);
}
