import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FlushProbeRequest, PROBE_DEFAULTS } from '../../src/protocol.ts';

/** What an endpoint does with the n-th request, from 0. */
export type ProbeAnswer =
  | { readonly status: number; readonly body: string }
  /** Collects writes until it has that many bytes, as users report of some runtimes; `Infinity` for all of them. */
  | { readonly holdBytes: number };

/** An endpoint that answers probes as it is told. */
export interface ProbeServer {
  readonly url: string;
  readonly asked: readonly FlushProbeRequest[];
  close(): void;
}

export async function startProbeServer(answer: (index: number, probe: FlushProbeRequest) => ProbeAnswer): Promise<ProbeServer> {
  const asked: FlushProbeRequest[] = [];
  const server = createServer((incoming, response) => {
    void json(incoming).then(async (body) => {
      const probe = body as FlushProbeRequest;
      const given = answer(asked.length, probe);
      asked.push(probe);
      if ('status' in given) {
        response.writeHead(given.status, { 'content-type': 'application/json' });
        response.end(given.body);
        return;
      }
      const { count, interval_ms: intervalMs } = { ...PROBE_DEFAULTS, ...probe };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let held = '';
      const startedAt = performance.now();
      for (let index = 0; index < count; index += 1) {
        await sleep(Math.max(0, startedAt + index * intervalMs - performance.now()));
        const data = { index, count, sent_ms: performance.now() - startedAt };
        const event = `event: probe\ndata: ${JSON.stringify(data)}\n\n`;
        const missing = (typeof probe.flush === 'number' ? probe.flush : 0) - event.length;
        held += missing > 0 ? `${event}:${' '.repeat(missing - 3)}\n\n` : event;
        if (held.length < given.holdBytes) continue;
        response.write(held);
        held = '';
      }
      response.end(held);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
