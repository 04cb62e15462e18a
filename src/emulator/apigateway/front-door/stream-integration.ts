import { createBandwidthPacer } from '../../kernel/rate-limit.ts';
import type { Exchange } from './exchange.ts';
import { internalServerError } from './gateway-error.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import { createPreludeParser, type ResponseHead, toClientHeaders } from './response-headers.ts';
import type { FunctionResponse } from '../../lambda/invoke-function.ts';

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
  const pieces = createBandwidthPacer(
    { freeBytes: limits.streamFreeBytes, bytesPerSecond: limits.streamBytesPerSecond },
    { until: exchange.closed },
  );
  let head: ResponseHead | undefined;
  let isHeadSent = false;
  let broken = false;
  const sendHead = ({ statusCode, headers }: ResponseHead): void => {
    if (!isHeadSent) exchange.begin(statusCode, toClientHeaders(headers));
    isHeadSent = true;
  };
  const write = async (body: Buffer, own: ResponseHead): Promise<void> => {
    if (body.length > 0) {
      exchange.integration.contentAt ??= performance.now();
      sendHead(own);
    }
    for await (const piece of pieces(body)) await exchange.write(piece);
  };
  try {
    for await (const chunk of answer.payload) {
      onChunk();
      if (exchange.over) continue;
      if (head) {
        await write(chunk, head);
        continue;
      }
      const read = prelude.push(chunk);
      if (read.type === 'invalid') exchange.fail(internalServerError(limits.invalidPreludeStatus));
      if (read.type !== 'complete') continue;
      ({ head } = read);
      exchange.integration.headersAt ??= performance.now();
      if (limits.headersLeave === 'with-prelude') sendHead(head);
      await write(read.rest, head);
    }
  } catch {
    broken = true;
  }
  exchange.integration.endAt = performance.now();
  const completion = await answer.completion;
  if (exchange.over) return;
  const failed = broken || completion.type === 'error';
  if (!head) return exchange.fail(internalServerError(failed ? 502 : limits.invalidPreludeStatus));
  sendHead(head);
  if (failed && limits.midStreamError === 'cut') exchange.cut();
  else exchange.end();
}
