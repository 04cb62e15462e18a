import { request } from 'undici';

/** What a client sees of an answer. Times are ms since the request. */
export interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly headersMs: number;
  readonly firstByteMs: number | undefined;
  readonly text: string;
  /** Whether the body came to its proper end. */
  readonly end: 'whole' | 'cut';
}

/** Sends a JSON body and reads the answer, however it ends. No timer of the client's own. */
export async function see(url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Seen> {
  const sentAt = performance.now();
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const headersMs = performance.now() - sentAt;
  const chunks: Buffer[] = [];
  let firstByteMs: number | undefined;
  let end: Seen['end'] = 'whole';
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      firstByteMs ??= performance.now() - sentAt;
      chunks.push(chunk);
    }
  } catch {
    end = 'cut';
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const { statusCode: status, headers: answered } = response;
  return { status, headers: answered, headersMs, firstByteMs, text, end };
}
