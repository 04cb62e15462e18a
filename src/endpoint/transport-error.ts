import { OperationError } from '../cli/errors.ts';
import { hint } from '../cli/hint.ts';

/** An error of Node.js's network calls; some libraries put the code into the cause. */
type NetworkError = Error & { readonly code?: string };

/** No connection came about: the agent has not been asked. */
export function connectFailed(error: NetworkError): OperationError {
  return new OperationError(
    'CONNECT_FAILED',
    `no connection to the endpoint (${error.code ?? error.message})`,
    { hint: hint`check the URL; is \`${['agentstream', 'dev']}\` still running?`, cause: error },
  );
}

/** The connection stood and broke off before the answer had ended. */
export function streamCut(reason: string, cause?: unknown): OperationError {
  return new OperationError('STREAM_CUT', `the stream broke off before its end (${reason})`, {
    hint: 'a limit may have cut it: 5 minutes of silence, 15 minutes in all',
    cause,
  });
}
