import { randomUUID } from 'node:crypto';
import type { FaultInjector } from '../faults/fault-injector.ts';
import type { Fault, FunctionFault } from '../faults/fault.ts';
import { seededRandom } from '../kernel/seeded-random.ts';
import type { EnvironmentPool } from './environment-pool.ts';
import { userError } from './function-properties.ts';
import type { Functions } from './store.ts';
import { Invocation, type InvocationCompletion } from './invocation.ts';
import type { LambdaLimits } from './limits.ts';
import { authorizeSource, type InvocationSource, type Permission } from './resources/permission.ts';
import { createBandwidthPacer } from '../kernel/rate-limit.ts';

interface InvocationRequest {
  /** Name, partial ARN or full ARN. */
  readonly functionArn: string;
  /** The event, as JSON text; empty is `{}`. */
  readonly payload: Buffer;
  readonly mode: 'streaming' | 'buffered';
  /** The service that invokes through the function's resource policy; absent for a caller whose IAM policies allow the call. */
  readonly source?: InvocationSource;
  readonly requestId?: string;
  /** Faults of this invocation, in place of the emulator's own. */
  readonly faults?: readonly Fault[];
}

export interface FunctionResponse {
  readonly requestId: string;
  /** The function's own Content-Type; `application/octet-stream` until a streaming one sets another. */
  readonly contentType: string;
  /** As the function writes it, which waits for a slow consumer and runs on without one. Never throws. */
  readonly payload: AsyncIterable<Buffer>;
  /** How the invocation ended. Never rejects. */
  readonly completion: Promise<InvocationCompletion>;
  /** After the completion: the end of what the function and Lambda have logged; undefined when the function did not start. */
  readonly log: () => Promise<string> | undefined;
}

export type InvokeFunction = (request: InvocationRequest) => Promise<FunctionResponse>;

/** The part of Lambda that API Gateway needs. */
export interface FunctionInvoker {
  /** See `createInvokeFunction` for its errors. */
  readonly invoke: InvokeFunction;
}

/**
 * Creates the function that runs invocations. It resolves when the response begins or the invocation has failed. Its errors are
 * AwsError: ResourceNotFoundException (404), AccessDeniedException (403, the resource policy does not allow the source),
 * RequestTooLargeException (413), InvalidRequestContentException (400, the event is not JSON), TooManyRequestsException (429).
 */
export function createInvokeFunction(input: {
  readonly functions: Functions;
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly pool: EnvironmentPool;
  readonly limits: LambdaLimits;
  readonly faults: FaultInjector;
  readonly seed: number;
}): InvokeFunction {
  const { limits } = input;
  const random = seededRandom(input.seed);
  return async ({ functionArn, payload, mode, source, requestId = randomUUID(), faults }) => {
    const definition = input.functions.get(functionArn);
    if (source) authorizeSource([...input.permissions.values()], definition.arn, source);
    const event = checkEvent(payload, limits);
    const met = input.faults.forFunction(faults);
    const crash = met.find((fault) => fault.kind === 'crash');
    const delivery = chooseDelivery(met, limits, random);
    const invocation = new Invocation({
      requestId,
      functionArn: definition.arn,
      event,
      mode,
      isTraced: definition.tracingMode === 'Active',
      ...(faults && { faults }),
      ...(crash && { crashAfterWrites: crash.writes }),
      ...(delivery.bufferedWhenJoined && { joinHeadMs: limits.joinHeadMs }),
    });
    await input.pool.run(definition, invocation);
    const contentType = await invocation.begun;
    return {
      requestId,
      contentType,
      payload: mode === 'streaming' ? deliver(invocation.payload, delivery, limits) : invocation.payload,
      completion: invocation.completion,
      log: () => invocation.log,
    };
  };
}

/** How the response is delivered: as the limits say, or as a fault says. */
function chooseDelivery(faults: readonly FunctionFault[], limits: LambdaLimits, random: () => number): Delivery {
  const { holdWritesBelowBytes, holdUntilBytes, bufferedShare, joinedHeadShare } = limits;
  const held = faults.find((fault) => fault.kind === 'held');
  const heldUntil = faults.find((fault) => fault.kind === 'held-until');
  // No random number is drawn without a share: the sequence of the others stays the same.
  const isMet = (kind: Fault['kind'], share: number): boolean =>
    faults.some((fault) => fault.kind === kind) || (share > 0 && random() < share);
  return {
    holdBelowBytes: Math.max(holdWritesBelowBytes, held?.bytes ?? 0),
    holdUntilBytes: Math.max(holdUntilBytes, heldUntil?.bytes ?? 0),
    buffered: isMet('buffered', bufferedShare),
    bufferedWhenJoined: isMet('joined-head', joinedHeadShare),
  };
}

function checkEvent(payload: Buffer, limits: LambdaLimits): Buffer {
  if (payload.length > limits.requestBytes) {
    const message = `${payload.length} byte payload is too large for the RequestResponse invocation type (limit ${limits.requestBytes} bytes)`;
    throw userError('RequestTooLargeException', 413, message);
  }
  if (payload.length === 0) return Buffer.from('{}');
  try {
    JSON.parse(payload.toString('utf8'));
    return payload;
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw userError('InvalidRequestContentException', 400, message);
  }
}

/** Ends the prelude (status and headers) of a streamed HTTP response. */
const PRELUDE_END = Buffer.alloc(8);

/** How Lambda passes a streamed response on to the invoker. */
export interface Delivery {
  /** A smaller write waits for the next one. */
  readonly holdBelowBytes?: number;
  /** Nothing leaves before that many bytes have come. */
  readonly holdUntilBytes?: number;
  /** Nothing leaves before the end. */
  readonly buffered?: boolean;
  /** Nothing of the payload leaves before the end, when it begins in one chunk with the end of the prelude. */
  readonly bufferedWhenJoined?: boolean;
}

/** Passes the writes of a streamed response on, held or buffered as the delivery says, at the bandwidth of the limits. */
export async function* deliver(
  writes: AsyncIterable<Buffer>,
  { holdBelowBytes = 0, holdUntilBytes = 0, buffered = false, bufferedWhenJoined = false }: Delivery,
  limits: Pick<LambdaLimits, 'streamFreeBytes' | 'streamBytesPerSecond'>,
): AsyncGenerator<Buffer> {
  const pieces = createBandwidthPacer({ freeBytes: limits.streamFreeBytes, bytesPerSecond: limits.streamBytesPerSecond });
  const whole = bufferedWhenJoined ? toTheEndWhenJoined(writes) : writes;
  const filled = collect(whole, buffered ? Infinity : holdUntilBytes);
  for await (const write of holdSmall(filled, holdBelowBytes)) yield* pieces(write);
}

async function* holdSmall(writes: AsyncIterable<Buffer>, belowBytes: number): AsyncGenerator<Buffer> {
  let held: Buffer | undefined;
  for await (const write of writes) {
    if (held) yield held;
    held = write.length < belowBytes ? write : undefined;
    if (!held) yield write;
  }
  if (held) yield held;
}

/** Joins writes until they have that many bytes, or end. */
async function* collect(writes: AsyncIterable<Buffer>, untilBytes: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const write of writes) {
    held.push(write);
    bytes += write.length;
    if (bytes < untilBytes) continue;
    yield held.length === 1 ? write : Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}

/** Holds a payload to its end when it begins in one write with the end of the prelude. */
async function* toTheEndWhenJoined(writes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const held: Buffer[] = [];
  let isInPrelude = true;
  for await (const write of writes) {
    const at = isInPrelude ? write.indexOf(PRELUDE_END) : -1;
    if (at >= 0) isInPrelude = false;
    const isJoined = at >= 0 && at + PRELUDE_END.length < write.length;
    if (isJoined || held.length > 0) held.push(write);
    else yield write;
  }
  if (held.length > 0) yield Buffer.concat(held);
}
