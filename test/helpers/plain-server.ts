import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server in the place of AWS, or of an endpoint. */
export interface PlainServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function servePlain(listener: RequestListener): Promise<PlainServer> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A server that gives every request the same answer. */
export function answerAll(status: number, body: string, contentType = 'text/xml'): Promise<PlainServer> {
  return servePlain((request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-type': contentType }).end(body));
  });
}

/** An error of a service that speaks the query protocol. */
export function queryError(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
