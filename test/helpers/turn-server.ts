import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveHttp } from '../endpoint/serve.ts';

/** An endpoint of the test's own that remembers what it was asked. */
export interface TurnServer {
  readonly url: string;
  readonly turns: readonly ServedTurn[];
  /** Sessions that were stopped. */
  readonly stopped: readonly string[];
  /** Path and query of each stop. */
  readonly stopPaths: readonly string[];
  close(): void;
}

export interface ServedTurn {
  readonly path: string;
  readonly body: { readonly prompt?: string; readonly session_id?: string; readonly qualifier?: string };
}

export type Answer = (response: ServerResponse, turn: ServedTurn, number: number) => void;

export const EVENT_STREAM = { 'content-type': 'text/event-stream' };

/** @param answer default: one event, and the end */
export async function startTurnServer(
  answer: Answer = (response) => {
    response.writeHead(200, EVENT_STREAM);
    response.end('data: "hello"\n\n');
  },
): Promise<TurnServer> {
  const turns: ServedTurn[] = [];
  const stopped: string[] = [];
  const stopPaths: string[] = [];
  const read = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'DELETE') {
      stopped.push(String(request.headers['x-session-id']));
      stopPaths.push(request.url ?? '');
      response.end('{}');
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ServedTurn['body'];
    const turn = { path: request.url ?? '', body };
    turns.push(turn);
    answer(response, turn, turns.length - 1);
  };
  const { url, close } = await serveHttp((request, response) => {
    void read(request, response).catch(() => response.destroy());
  });
  return { url, turns, stopped, stopPaths, close };
}
