import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network in front of an emulator that can be cut. */
export interface CuttableProxy {
  readonly url: string;
  /** `refuse`: connections are reset at once; `swallow`: packets vanish, and nothing is ever answered. */
  cut(how: 'refuse' | 'swallow'): void;
  mend(): void;
  close(): Promise<void>;
}

export async function startCuttableProxy(targetUrl: string): Promise<CuttableProxy> {
  const { hostname, port } = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let state: 'whole' | 'refuse' | 'swallow' = 'whole';
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((socket) => {
    track(socket);
    if (state === 'refuse') socket.resetAndDestroy();
    if (state !== 'whole') return;
    const target = connect(Number(port), hostname);
    track(target);
    socket.pipe(target);
    target.pipe(socket);
    socket.on('close', () => target.destroy());
    target.on('close', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut(how) {
      state = how;
      for (const socket of sockets) {
        if (how === 'refuse') socket.resetAndDestroy();
        else socket.unpipe().pause();
      }
    },
    mend() {
      state = 'whole';
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
