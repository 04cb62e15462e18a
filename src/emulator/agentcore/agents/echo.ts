import type { Agent } from '../agent.ts';
import { readPrompt } from './read-prompt.ts';
import { sseText } from './sse-text.ts';

/** Streams the prompt back, one event a word, with the white space that follows it. */
export function echoAgent(): Agent {
  return {
    async invoke({ payload }) {
      const words = readPrompt(payload).match(/\s*\S+\s*/g) ?? [];
      return { status: 200, contentType: 'text/event-stream', body: streamWords(words) };
    },
  };
}

async function* streamWords(words: readonly string[]): AsyncGenerator<Buffer> {
  for (const word of words) yield sseText(word);
}
