import { createBandwidthPacer } from '../../kernel/rate-limit.ts';
import type { Exchange } from './exchange.ts';
import type { FunctionResponse } from '../../lambda/invoke-function.ts';
import { internalServerError } from './gateway-error.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import { createPreludeParser, type ResponseHead, toClientHeaders } from './response-headers.ts';

/**
 * Passes a streamed response on: status and headers as soon as the prelude is complete, then every chunk as it arrives, as fast as
 * the bandwidth allows. The function's response is read to its end even when the client has closed the connection, since functions are
 * not told (Lambda guide, "Response streaming": streamed responses are not interrupted).
 * @param onChunk called for every chunk of the function
 */
export async function streamIntegration(
  exchange: Exchange,
  answer: FunctionResponse,
  limits: ApiGatewayLimits,
  onChunk: () => void,
): Promise<void> {
  const prelude = createPreludeParser(limits.preludeBytes);
  const client = openClient(exchange, limits);
  let broken = false;
  try {
    for await (const chunk of answer.payload) {
      onChunk();
      if (exchange.over) continue;
      if (client.hasHead) {
        await client.write(chunk);
        continue;
      }
      const read = prelude.push(chunk);
      if (read.type === 'invalid') exchange.fail(internalServerError(limits.invalidPreludeStatus));
      if (read.type !== 'complete') continue;
      client.begin(read.head);
      await client.write(read.rest);
    }
  } catch {
    broken = true;
  }
  exchange.integration.endAt = performance.now();
  const completion = await answer.completion;
  if (exchange.over) return;
  const failed = broken || completion.type === 'error';
  if (!client.hasHead) {
    exchange.fail(internalServerError(failed ? 502 : limits.invalidPreludeStatus));
  } else if (failed && limits.midStreamError === 'cut') {
    client.flushHead();
    exchange.cut();
  } else {
    client.flushHead();
    exchange.end();
  }
}

/** The client's side: delays the head when it is to be sent with the body, and keeps to the bandwidth. */
function openClient(exchange: Exchange, limits: ApiGatewayLimits) {
  const pieces = createBandwidthPacer(
    { freeBytes: limits.streamFreeBytes, bytesPerSecond: limits.streamBytesPerSecond },
    { until: exchange.closed },
  );
  let head: ResponseHead | undefined;
  let sent = false;
  const flushHead = (): void => {
    if (!head || sent) return;
    sent = true;
    exchange.begin(head.statusCode, toClientHeaders(head.headers));
  };
  return {
    get hasHead() {
      return head !== undefined;
    },
    flushHead,
    begin(given: ResponseHead): void {
      head = given;
      exchange.integration.headersAt ??= performance.now();
      if (limits.headersLeave === 'with-prelude') flushHead();
    },
    async write(chunk: Buffer): Promise<void> {
      if (chunk.length > 0) {
        exchange.integration.contentAt ??= performance.now();
        flushHead();
      }
      for await (const piece of pieces(chunk)) await exchange.write(piece);
    },
  };
}
