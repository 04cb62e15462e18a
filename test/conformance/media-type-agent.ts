import type { Agent } from '../../src/emulator/index.ts';

/**
 * An agent that streams the media types which it was called with, `data: {"contentType", "accept"}`, and then, on the prompt
 * `go on`, a count until it is stopped.
 */
export function createMediaTypeAgent(): Agent {
  return {
    async invoke({ payload, contentType, accept, signal }) {
      const { prompt } = JSON.parse(String(payload)) as { prompt: string };
      const first = `data: ${JSON.stringify({ contentType, accept })}\n\n`;
      const body = prompt === 'go on' ? goOn(first, signal) : [Buffer.from(first)];
      return { status: 200, contentType: 'text/event-stream', body: toAsync(body) };
    },
  };
}

async function* toAsync(body: Iterable<Buffer> | AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* body;
}

async function* goOn(first: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  yield Buffer.from(first);
  for (let count = 1; !signal.aborted; count += 1) {
    yield Buffer.from(`data: ${count}\n\n`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}
