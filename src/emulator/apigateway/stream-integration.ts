import type { Exchange } from './exchange.ts';
import type { FunctionResponse } from './function-invoker.ts';
import { internalServerError } from './gateway-error.ts';
import type { ApiGatewayLimits } from './limits.ts';
import { createPreludeParser } from './prelude.ts';
import { toClientHeaders } from './response-headers.ts';

/**
 * Passes a streamed answer on: status and headers as soon as the prelude is complete, then every chunk as it comes. The function
 * is read to its end whatever becomes of the client, since nothing tells a function that its client has gone (Lambda guide,
 * "Response streaming": streamed responses are not interrupted).
 * @param onChunk called at every sign of life of the function
 */
export async function streamIntegration(
  exchange: Exchange,
  answer: FunctionResponse,
  limits: ApiGatewayLimits,
  onChunk: () => void,
): Promise<void> {
  const prelude = createPreludeParser(limits.preludeBytes);
  let state: 'prelude' | 'body' = 'prelude';
  let broken = false;
  try {
    for await (const chunk of answer.payload) {
      onChunk();
      if (exchange.over) continue;
      if (state === 'body') {
        await exchange.write(chunk);
        continue;
      }
      const read = prelude.push(chunk);
      if (read.type === 'invalid') exchange.fail(internalServerError(limits.invalidPreludeStatus));
      if (read.type !== 'complete') continue;
      state = 'body';
      exchange.begin(read.head.statusCode, toClientHeaders(read.head.headers));
      await exchange.write(read.rest);
    }
  } catch {
    broken = true;
  }
  const completion = await answer.completion;
  if (exchange.over) return;
  const failed = broken || completion.type === 'error';
  if (state === 'prelude') {
    exchange.fail(internalServerError(failed ? 502 : limits.invalidPreludeStatus));
  } else if (failed && limits.midStreamError === 'cut') {
    exchange.cut();
  } else {
    exchange.end();
  }
}
