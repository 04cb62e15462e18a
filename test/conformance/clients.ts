import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { request } from 'undici';
import { CHROMIUM, startBrowser } from '../helpers/browser.ts';
import { answerAll } from '../helpers/plain-server.ts';
import { CannotRun } from './row.ts';
import type { TlsAddress } from './tls-front.ts';

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

/** What a page in a browser sees of an answer that it fetches: its status, and in how many pieces the body comes. */
export async function seeInBrowser(url: string, body: unknown, headers: Readonly<Record<string, string>>) {
  if (!CHROMIUM) throw new CannotRun('there is no Chromium here: install one, or name it with AGENTSTREAM_CHROMIUM');
  // A page of another origin than the API: the browser asks for CORS first.
  const server = await answerAll(200, '<!doctype html>', 'text/html');
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const asked = JSON.stringify({ url, body: JSON.stringify(body), headers });
    return await page.evaluate<{ readonly status: number; readonly pieces: number }>(`(${READ_IN_PAGE})(${asked})`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Runs in the page, which has no types of ours. */
const READ_IN_PAGE = `async ({ url, body, headers }) => {
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const reader = response.body.getReader();
  let pieces = 0;
  while (!(await reader.read()).done) pieces += 1;
  return { status: response.status, pieces };
}`;

/** The protocol that a TLS server chooses of those offered: `TLSv1.3 h2`. */
export async function chooseProtocol(
  address: TlsAddress,
  options: Pick<ConnectionOptions, 'ALPNProtocols' | 'maxVersion' | 'minVersion' | 'ciphers'>,
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connectTls({ ...address, checkServerIdentity: () => undefined, ...options }, () => {
      resolve(`${socket.getProtocol() ?? ''} ${socket.alpnProtocol || 'http/1.1'}`);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** The reads of a body over HTTP/2. */
export async function seeOverHttp2(
  address: TlsAddress,
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly pieces: number }> {
  const { host, pathname } = new URL(url);
  const session = connectHttp2(`https://${host}`, { ...address, checkServerIdentity: () => undefined });
  try {
    const stream = session.request({ ':method': 'POST', ':path': pathname, 'content-type': 'application/json', ...headers });
    stream.end(JSON.stringify(body));
    let pieces = 0;
    const [answer] = (await once(stream, 'response')) as [{ readonly ':status'?: number }];
    for await (const _ of stream) pieces += 1;
    return { status: answer[':status'] ?? 0, pieces };
  } finally {
    session.close();
  }
}
