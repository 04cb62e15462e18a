import { request } from 'undici';

/** A whole answer of the endpoint. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One request to the endpoint, its answer read to the end. Objects are sent as JSON, text as it is. */
export async function send(
  method: 'POST' | 'DELETE' | 'OPTIONS' | 'GET',
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await request(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.body.text();
  return { status: response.statusCode, headers: response.headers, text };
}

/** The body of an answer as JSON. */
export function json(answer: Answer): Record<string, unknown> {
  return JSON.parse(answer.text) as Record<string, unknown>;
}

/** Opens a stream and hands over its chunks as text, one `next` at a time. */
export async function openStream(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{
  readonly headers: Answer['headers'];
  readonly status: number;
  next(): Promise<string | undefined>;
  rest(): Promise<string>;
  destroy(): void;
}> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const chunks = response.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const next = async (): Promise<string | undefined> => {
    const { value, done } = await chunks.next();
    return done ? undefined : String(value);
  };
  return {
    headers: response.headers,
    status: response.statusCode,
    next,
    async rest() {
      let text = '';
      for (let part = await next(); part !== undefined; part = await next()) text += part;
      return text;
    },
    destroy: () => void response.body.destroy(),
  };
}
