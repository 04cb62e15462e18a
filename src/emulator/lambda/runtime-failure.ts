import type { IncomingMessage } from 'node:http';
import { parseObject } from '../kernel/properties.ts';
import type { InvocationFailure } from './invocation.ts';

const ERROR_TYPE = 'lambda-runtime-function-error-type';
const ERROR_BODY = 'lambda-runtime-function-error-body';

/** The error that a runtime posts to `/error`: type in a header, `{errorType, errorMessage, stackTrace | trace}` as body. */
export function readErrorBody(
  request: IncomingMessage,
  body: Buffer | undefined,
  when: InvocationFailure['when'],
): InvocationFailure {
  const type = request.headers[ERROR_TYPE];
  return toFailure(typeof type === 'string' ? type : undefined, body?.toString('utf8') ?? '', when);
}

/** The error in the trailers of a streamed response, whose body is base64; undefined when there is none. */
export function readErrorTrailers(trailers: NodeJS.Dict<string>): InvocationFailure | undefined {
  const type = trailers[ERROR_TYPE];
  if (type === undefined) return undefined;
  const body = Buffer.from(trailers[ERROR_BODY] ?? '', 'base64').toString('utf8');
  return toFailure(type, body, 'mid-stream');
}

function toFailure(type: string | undefined, body: string, when: InvocationFailure['when']): InvocationFailure {
  // A runtime may post any text; Lambda then takes the type from the header.
  const members = parseObject(body);
  const errorType = type ?? members?.['errorType'];
  const errorMessage = members?.['errorMessage'];
  const known = {
    errorType: typeof errorType === 'string' ? errorType : 'Runtime.Unknown',
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
  };
  return { ...known, when, details: JSON.stringify(members ?? known) };
}
