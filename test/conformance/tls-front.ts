import { once } from 'node:events';
import { type IncomingMessage, request, type RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from '../helpers/certificate.ts';

/** What speaks TLS to clients. */
export type TlsEndpoint = 'regional' | 'edge' | 'domain';

/** Where TLS is spoken, as `tls.connect` takes it. */
export interface TlsAddress {
  readonly host: string;
  readonly port: number;
  readonly servername?: string;
  readonly ca?: string;
}

/** HTTP/2 has none of these (RFC 9113, 8.2.2). */
const OF_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding'];
const NAME = 'front.test';

/**
 * Speaks TLS for the emulator, which speaks none. Which protocols it agrees to is what is assumed of AWS: HTTP/2 at the edge alone, and
 * TLS 1.2 or later.
 */
export async function startTlsFront(endpoint: TlsEndpoint, target: string) {
  const { key, cert } = selfSigned(NAME);
  const answer: RequestListener = (incoming, response) => {
    const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !name.startsWith(':')));
    const { method, url } = incoming;
    const onward = request(new URL(url ?? '/', target), { method, headers }, (answered: IncomingMessage) => {
      const kept = Object.entries(answered.headers).filter(([name]) => !OF_CONNECTION.includes(name));
      response.writeHead(answered.statusCode ?? 502, Object.fromEntries(kept) as Record<string, string>);
      answered.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  };
  const options = { key, cert, minVersion: 'TLSv1.2' } as const;
  const server =
    endpoint === 'edge'
      ? (createSecureServer({ ...options, allowHTTP1: true }, answer as never) as unknown as Server)
      : createServer(options, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: TlsAddress = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, servername: NAME, ca: cert };
  return { address, close: () => void server.close() };
}
