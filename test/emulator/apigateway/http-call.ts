import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The next piece of the body as it came over the socket; undefined at its end. Throws when the connection is cut. */
  next(): Promise<string | undefined>;
  /** The rest of the body of an answer that is cut; throws when it ends properly. */
  textUntilCut(): Promise<string>;
  /** The rest of the body. */
  text(): Promise<string>;
  /** Closes the connection without reading on. */
  abandon(): void;
}

export interface HttpCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** One request over a connection of its own; resolves with the headers of the answer. */
export async function httpCall(url: string, call: HttpCall = {}): Promise<HttpAnswer> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request(url, { method: call.method ?? 'GET', headers: { ...call.headers }, agent: false }, resolve);
    outgoing.once('error', reject);
    outgoing.end(call.body);
  });
  const iterator = incoming.iterator({ destroyOnReturn: false });
  const next = async () => {
    const { value, done } = (await iterator.next()) as IteratorResult<Buffer>;
    return done ? undefined : value.toString('utf8');
  };
  const textUntilCut = async () => {
    let text = '';
    try {
      for (let piece = await next(); piece !== undefined; piece = await next()) text += piece;
    } catch {
      return text;
    }
    throw new Error(`not cut, but ended after: ${text}`);
  };
  return {
    textUntilCut,
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    next,
    async text() {
      let text = '';
      for (let piece = await next(); piece !== undefined; piece = await next()) text += piece;
      return text;
    },
    abandon: () => void incoming.destroy(),
  };
}
