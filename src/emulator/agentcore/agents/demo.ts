import { setTimeout as sleep } from 'node:timers/promises';
import { parseObject } from '../../kernel/properties.ts';
import { seededRandom } from '../../kernel/seeded-random.ts';
import type { Agent } from '../agent.ts';

export interface StoryOptions {
  /** Mean time between two tokens, ms. */
  readonly tokenDelayMs?: number;
  /** Time to the first token, ms. */
  readonly firstTokenDelayMs?: number;
  /** The same seed gives the same text and the same gaps. */
  readonly seed?: number;
}

/** Longest part of a prompt in the story. */
const TOPIC_LENGTH = 80;
/** The pause in the middle, like that of a tool call, in mean token delays. */
const TOOL_PAUSE_TOKENS = 25;

const NAMES = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Katherine'];
const PLACES = ['a quiet data centre', 'a lighthouse', 'a night train', 'a small harbour town'];
const HELPERS = ['a patient heron', 'an old librarian', 'a talkative lamp', 'a retired robot'];

/** A short story about the prompt at the pace of a language model, with a pause as if a tool ran; about three seconds by default. */
export function storyAgent(options: StoryOptions = {}): Agent {
  const { tokenDelayMs = 25, firstTokenDelayMs = 500, seed = 1 } = options;
  return {
    async invoke({ payload, signal }) {
      const random = seededRandom(seed);
      const tokens = tellStory(readPrompt(payload), random).match(/\s*\S{1,6}/g) ?? [];
      const toolCallAt = Math.floor(tokens.length / 2);
      const delays = tokens.map((_, index) => {
        if (index === 0) return firstTokenDelayMs;
        if (index === toolCallAt) return tokenDelayMs * TOOL_PAUSE_TOKENS;
        return tokenDelayMs * (0.25 + 1.5 * random());
      });
      const body = streamTokens(tokens, delays, signal);
      return { status: 200, contentType: 'text/event-stream', body };
    },
  };
}

async function* streamTokens(tokens: readonly string[], delays: readonly number[], signal: AbortSignal): AsyncGenerator<Buffer> {
  for (const [index, token] of tokens.entries()) {
    const delayMs = delays[index] ?? 0;
    if (delayMs > 0) await sleep(delayMs, undefined, { signal });
    signal.throwIfAborted();
    // As `BedrockAgentCoreApp` of the Python SDK sends it.
    yield Buffer.from(`data: ${JSON.stringify(token)}\n\n`);
  }
}

function tellStory(prompt: string, random: () => number): string {
  const pick = (choices: readonly string[]) => choices[Math.floor(random() * choices.length)];
  const topic = prompt.replaceAll(/\s+/g, ' ').trim().slice(0, TOPIC_LENGTH) || 'nothing at all';
  const name = pick(NAMES);
  return [
    `Late one evening, in ${pick(PLACES)}, ${name} found a note that said only: "${topic}".`,
    `Nobody knew who had left it there, so ${name} asked ${pick(HELPERS)}, who thought for a while.`,
    'Then the answer came, one small piece after another, the way good answers often do.',
    `By morning ${name} had read every piece of it, and none had been late.`,
  ].join(' ');
}

/** Streams the prompt back, one event per word with the white space around it. */
export function echoAgent(): Agent {
  return {
    async invoke({ payload, signal }) {
      const words = readPrompt(payload).match(/\s*\S+\s*/g) ?? [];
      return { status: 200, contentType: 'text/event-stream', body: streamTokens(words, [], signal) };
    },
  };
}

/** The `prompt` of a payload; its whole text when it is not a JSON object with a prompt. */
function readPrompt(payload: Buffer): string {
  const text = payload.toString('utf8');
  const prompt = parseObject(text)?.['prompt'];
  return typeof prompt === 'string' ? prompt : text;
}
