import { type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Agent } from '../agent.ts';
import { SESSION_HEADER } from '../store.ts';

/**
 * An agent behind an HTTP server that follows the AgentCore container contract: `POST /invocations` (developer guide, "HTTP protocol
 * contract"). The body passes through unchanged; an abort closes the connection. It has no timeouts.
 * @param url of the server, for example `http://127.0.0.1:8080`
 */
export function httpAgent(url: string): Agent {
  return {
    async invoke({ payload, contentType, accept, sessionId, signal, headers }) {
      const response = await send(url, 'invocations', payload, {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': contentType,
          'content-length': payload.length,
          ...(accept === '' ? {} : { accept }),
          [SESSION_HEADER.toLowerCase()]: sessionId,
        },
        signal,
      });
      return {
        status: response.statusCode ?? 0,
        contentType: response.headers['content-type'] ?? 'application/octet-stream',
        body: response as AsyncIterable<Buffer>,
      };
    },
  };
}

/** The answer of a container to `GET /ping`. */
export type PingResult =
  | { readonly type: 'healthy'; readonly status: 'Healthy' | 'HealthyBusy' }
  | { readonly type: 'unhealthy'; readonly reason: string }
  | { readonly type: 'unreachable'; readonly reason: string };

/** Asks a container for its health: 200 and `{"status": "Healthy" | "HealthyBusy"}`. Never throws. */
export async function pingAgent(url: string, signal?: AbortSignal): Promise<PingResult> {
  try {
    const response = await send(url, 'ping', undefined, { method: 'GET', ...(signal && { signal }) });
    const body = await text(response);
    if (response.statusCode !== 200) return { type: 'unhealthy', reason: `GET /ping answered ${response.statusCode}` };
    const status = /"status"\s*:\s*"(Healthy|HealthyBusy)"/.exec(body)?.[1];
    return status === 'Healthy' || status === 'HealthyBusy'
      ? { type: 'healthy', status }
      : { type: 'unhealthy', reason: `GET /ping answered without a healthy status: ${body}` };
  } catch (error) {
    return { type: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
  }
}

function send(base: string, path: string, body: Buffer | undefined, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, base.endsWith('/') ? base : `${base}/`);
    const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
    // A new connection each time: the agent may have closed an idle one.
    const request = open(url, { ...options, agent: false }, resolve);
    request.setNoDelay(true);
    request.once('error', reject);
    request.end(body);
  });
}
