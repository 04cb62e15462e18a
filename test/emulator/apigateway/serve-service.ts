import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from '../../../src/emulator/kernel/aws-error.ts';
import { sendRestJsonError } from '../../../src/emulator/protocols/rest-json.ts';
import type { Service } from '../../../src/emulator/kernel/service.ts';

export interface ServedService {
  readonly endpoint: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Puts one REST-JSON service on a loopback port.
 * @param other takes what it answers itself, for example the front door; returns false for AWS API calls
 */
export async function serveService(
  service: Service,
  other: (incoming: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<ServedService> {
  const server = createServer((incoming, response) => {
    if (!other(incoming, response)) void answer(service, incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    async close() {
      await service.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(service: Service, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?');
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(incoming.headers.authorization ?? '');
  try {
    await service.handle(
      {
        requestId: randomUUID(),
        method: incoming.method ?? 'GET',
        path,
        query: new URLSearchParams(query),
        headers: incoming.headers,
        body: Buffer.concat(chunks),
        accessKeyId: scope?.[1] ?? '',
        region: scope?.[2] ?? '',
        service: scope?.[3] ?? '',
        signal: gone.signal,
      },
      response,
    );
  } catch (error) {
    sendRestJsonError(response, error instanceof AwsError ? error : new AwsError('InternalFailure', 500, String(error)));
  }
}
