import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** A server of the test's own on a loopback port. */
export interface Served {
  readonly url: string;
  readonly port: number;
  close(): void;
}

export async function serveHttp(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  return listen(server, () => server.closeAllConnections());
}

/** Takes connections and says nothing, not even in the TLS handshake. */
export async function serveSilence(): Promise<Served> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
  });
  return listen(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listen(server: Server, closeConnections: () => void): Promise<Served> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close() {
      server.close();
      closeConnections();
    },
  };
}
