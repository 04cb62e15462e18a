import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One call that a function has made, as it stands on the wire. */
export interface RawCall {
  readonly sessionId: string;
  readonly accessKeyId: string;
  readonly payload: { readonly prompt?: string };
}

/** In place of AgentCore: a server whose answers the test writes byte by byte, headers included. */
export interface RawAgentCore {
  readonly url: string;
  readonly calls: readonly RawCall[];
  close(): void;
}

export async function startRawAgentCore(answer: (call: RawCall, response: ServerResponse) => void): Promise<RawAgentCore> {
  const calls: RawCall[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { headers } = request;
    const payload = JSON.parse(await text(request)) as RawCall['payload'];
    const call = {
      sessionId: String(headers['x-amzn-bedrock-agentcore-runtime-session-id']),
      accessKeyId: /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? '',
      payload,
    };
    calls.push(call);
    answer(call, response);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
