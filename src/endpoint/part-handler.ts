import type { Dispatcher } from 'undici';
import type { PartSink } from './exchange.ts';
import { connectFailed, streamCut } from './transport-error.ts';

/**
 * Hands the parts of one answer over. Stamps first, then pushes: the consumer's own lateness is never part of a time.
 * @param reject with CONNECT_FAILED or STREAM_CUT
 */
export function partHandler(
  sink: PartSink,
  resolve: () => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  let connected = false;
  return {
    onRequestStart() {
      connected = true;
      sink.connected();
    },
    onResponseStart(_controller, status, headers) {
      const at = performance.now();
      sink.push({ type: 'headers', at, status, headers: flatten(headers) });
    },
    onResponseData(controller, bytes) {
      if (sink.push({ type: 'chunk', at: performance.now(), bytes })) return;
      controller.pause();
      // undici loses a resume that comes in a microtask, while the read that it is to pause goes on.
      void sink.drained().then(() => setImmediate(() => controller.resume()));
    },
    onResponseEnd() {
      sink.push({ type: 'end', at: performance.now() });
      resolve();
    },
    onResponseError(_controller, error: Error & { code?: string }) {
      reject(connected ? streamCut(error.code ?? error.message, error) : connectFailed(error));
    },
  };
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
