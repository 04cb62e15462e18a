import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A network that delivers every request, and loses the answer to the first one of an action. */
export interface LosingProxy {
  readonly url: string;
  /** Answers that were lost. */
  lost(): number;
  close(): Promise<void>;
}

/** @param action of the query protocol, for example `ExecuteChangeSet` */
export async function startLosingProxy(targetUrl: string, action: string): Promise<LosingProxy> {
  let lost = 0;
  const server = createServer((incoming, response) => {
    const forward = async (): Promise<void> => {
      const body = await buffer(incoming);
      const { method, headers, url = '/' } = incoming;
      const outgoing = request(new URL(url, targetUrl), { method, headers });
      outgoing.end(body);
      const [answer] = (await once(outgoing, 'response')) as [typeof incoming];
      const text = await buffer(answer);
      if (lost === 0 && body.includes(`Action=${action}&`)) {
        lost += 1;
        incoming.socket.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers).end(text);
    };
    void forward().catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lost: () => lost,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
