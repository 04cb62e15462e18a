import type { Exchange } from './exchange.ts';
import type { FunctionResponse } from './function-invoker.ts';
import { internalServerError } from './gateway-error.ts';
import type { ApiGatewayLimits } from '../limits.ts';
import { createPreludeParser } from './prelude.ts';
import { readResponseHead, type ResponseHead, toClientHeaders } from './response-headers.ts';

const OUTPUT_KEYS = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/**
 * Answers with the JSON of an ordinary Lambda proxy integration (developer guide, "Output format of a Lambda function for proxy
 * integration"). When a function answers in the streaming format, status and headers reach the client and the body is lost (support
 * matrix of "Set up a Lambda proxy integration with payload response streaming").
 */
export async function bufferedIntegration(
  exchange: Exchange,
  answer: FunctionResponse,
  limits: ApiGatewayLimits,
): Promise<void> {
  const chunks: Buffer[] = [];
  let broken = false;
  try {
    for await (const chunk of answer.payload) chunks.push(chunk);
  } catch {
    broken = true;
  }
  const completion = await answer.completion;
  if (exchange.over) return;
  const payload = Buffer.concat(chunks);
  const read =
    broken || completion.type === 'error' || payload.length > limits.bufferedResponseBytes
      ? undefined
      : (readProxyOutput(payload) ?? readStreamFormat(payload, limits));
  if (!read) {
    exchange.fail(internalServerError(502));
    return;
  }
  const headers = toClientHeaders(read.head.headers).filter(
    ([name]) => name.toLowerCase() !== 'content-length',
  );
  exchange.begin(read.head.statusCode, [...headers, ['content-length', String(read.body.length)]]);
  await exchange.write(read.body);
  if (!exchange.over) exchange.end();
}

interface ProxyOutput {
  readonly head: ResponseHead;
  readonly body: Buffer;
}

/** The body stays text even when `isBase64Encoded`: decoding needs binary media types, and the API has none. */
function readProxyOutput(payload: Buffer): ProxyOutput | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const output = value as Record<string, unknown>;
    const head = readResponseHead(output, OUTPUT_KEYS);
    const body = output['body'] ?? '';
    return head && typeof body === 'string' ? { head, body: Buffer.from(body) } : undefined;
  } catch {
    return undefined;
  }
}

function readStreamFormat(payload: Buffer, limits: ApiGatewayLimits): ProxyOutput | undefined {
  const prelude = createPreludeParser(limits.preludeBytes).push(payload);
  return prelude.type === 'complete' ? { head: prelude.head, body: Buffer.alloc(0) } : undefined;
}
