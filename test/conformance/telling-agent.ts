import type { Agent } from '../../src/emulator/index.ts';

/**
 * An agent that tells what an account run wants to know (`--agent-tells` for one of your own that answers alike): each answer begins
 * with `data: {"contentType", "accept", "running"}`, the media types that it was called with and how many counts are going on. On the
 * prompt `go on` a count follows until it is stopped.
 */
export function createTellingAgent(): Agent {
  let running = 0;
  async function* answer(first: string, isCount: boolean, signal: AbortSignal): AsyncGenerator<Buffer> {
    yield Buffer.from(first);
    if (!isCount) return;
    running += 1;
    try {
      for (let count = 1; !signal.aborted; count += 1) {
        yield Buffer.from(`data: ${count}\n\n`);
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
    } finally {
      running -= 1;
    }
  }
  return {
    async invoke({ payload, contentType, accept, signal }) {
      const { prompt } = JSON.parse(String(payload)) as { prompt: string };
      const first = `data: ${JSON.stringify({ contentType, accept, running })}\n\n`;
      return { status: 200, contentType: 'text/event-stream', body: answer(first, prompt === 'go on', signal) };
    },
  };
}
