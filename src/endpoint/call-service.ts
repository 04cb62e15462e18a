import type { PartSink } from './exchange.ts';
import { type CallHead, stampSdkCall } from './sdk-call.ts';
import { callFor, type SdkAccess } from './sdk-client.ts';
import {
  pushFailure,
  readServiceFailure,
  type ServiceFailure,
  toCallError,
} from './sdk-failure.ts';

type Stamp = ReturnType<typeof stampSdkCall>['middleware'];

/** Where a stamp belongs in a command's middleware: next to the wire. */
export const AT_THE_WIRE = { step: 'deserialize', priority: 'low' } as const;

/**
 * Makes one call of an SDK client for a turn: stamped, and a refusal of the service handed to the sink as the endpoint tells its own.
 * @param send adds the stamp to its command, `AT_THE_WIRE`, and sends it
 * @returns undefined when the service has refused: the turn has its answer
 * @throws {OperationError} when the service has not answered
 */
export async function callService<Output>(
  sink: PartSink,
  access: SdkAccess,
  codeOf: (failure: ServiceFailure) => string,
  send: (stamp: Stamp) => Promise<Output>,
): Promise<{ readonly output: Output; readonly head: CallHead | undefined } | undefined> {
  const call = stampSdkCall(sink);
  try {
    const output = await callFor(sink, () => send(call.middleware));
    return { output, head: call.head() };
  } catch (error) {
    const failure = readServiceFailure(error);
    if (!failure) throw toCallError(error, access);
    pushFailure(sink, failure, codeOf(failure), call.head());
    return undefined;
  }
}
