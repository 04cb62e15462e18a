import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { fixtureParts, readStreamFixture, receive, STREAM_FIXTURES } from '../helpers/stream-fixtures.ts';
import { cases } from '../helpers/properties.ts';

/** What a stream says, in short: text, reasoning, tools as `+name` and `-name`, tokens, errors, and its outcome. */
interface Said {
  readonly text: string;
  readonly reasoning?: string;
  readonly tools?: string;
  readonly usage?: string;
  readonly error?: string;
  readonly outcome?: string;
}

const EXPECTED: Readonly<Record<string, Said>> = {
  'typescript-sdk.sse': { text: 'ThecapitalofFranceisParis.日本語\nlinetwo🎈' },
  'typescript-sdk-error.sse': { text: 'halfananswer', error: 'the agent broke down' },
  'python-sdk.sse': { text: 'The capital of "France" is Paris.\n日本語 🎈42' },
  'python-sdk-error.sse': { text: 'half an answer', error: 'division by zero (ZeroDivisionError)' },
  'strands-python.sse': {
    text: 'Let me look. It is 21 °C in Zürich. ☀️',
    reasoning: 'I need the weather.',
    tools: '+get_weather -get_weather',
    usage: '40/20 80/12',
  },
  'strands-python-printed.sse': { text: "It's fine.\n" },
  'strands-python-force-stop.sse': {
    text: '',
    error:
      'An error occurred (AccessDeniedException) when calling the ConverseStream operation; An error occurred (AccessDeniedException) when calling the ConverseStream operation (AccessDeniedException)',
  },
  'strands-typescript.sse': {
    text: 'Let me look. It is 21 °C in Zürich. ☀️',
    reasoning: 'I need the weather.',
    tools: '+get_weather -get_weather',
    usage: '40/20 80/12',
  },
  'bedrock-converse.sse': {
    text: 'Let me look. It is Paris.',
    reasoning: 'A capital. ',
    tools: '+lookup -lookup',
    usage: '30/18 60/5',
  },
  'bedrock-converse-throttled.sse': {
    text: 'It is ',
    error: 'Too many tokens, please wait before trying again. (throttlingException)',
  },
  'langgraph-python.sse': {
    text: 'Let me look. It is 21 °C.',
    reasoning: 'I need the weather.',
    tools: '+get_weather -get_weather',
    usage: '40/20',
  },
  'langgraph-javascript.sse': { text: 'Let me look. It is 21 °C.', tools: '+get_weather -get_weather' },
  'langgraph-message.sse': { text: 'It is 21 °C.' },
  'ag-ui.sse': {
    text: 'Let me look. It is 21 °C.',
    reasoning: 'I need the weather.',
    tools: '+get_weather -get_weather',
    usage: '120/32',
  },
  'ag-ui-error.sse': { text: 'It is ', reasoning: 'Hm.', error: 'the model is gone (MODEL_GONE)' },
  'openai.sse': { text: 'Let me look. It is 21 °C.', tools: '+get_weather -get_weather', usage: '80/12' },
  'joined-lines.sse': { text: 'partial response 1partial response 2final responseone two' },
  'unknown.sse': { text: 'a piece', error: 'the agent broke down (STREAM_INTERRUPTED)' },
  'message.json': { text: 'It is 21 °C.' },
  'unknown.json': { text: '{"a": 1, "b": [2]}' },
  'string.json': { text: 'just words' },
  'error.json': { text: '', error: 'no such tool (KeyError)' },
  'plain.txt': { text: 'It is 21 °C in Zürich.\nAnd sunny.\n' },
  'lines.ndjson': { text: 'It is 21 °C.' },
};

/** Streams whose framework has an end mark: it comes out once. */
const FINISHED = new Set([
  'strands-python.sse',
  'strands-python-printed.sse',
  'strands-typescript.sse',
  'bedrock-converse.sse',
  'ag-ui.sse',
  'openai.sse',
]);

test.each(STREAM_FIXTURES)('%s says what it says', (name) => {
  const { events, metrics } = receive(fixtureParts(name));
  const expected = EXPECTED[name];
  expect(say(events)).toEqual(expected);
  expect(events.filter(({ type }) => type === 'finish')).toHaveLength(FINISHED.has(name) ? 1 : 0);
  expect(metrics.outcome).toBe(expected?.error === undefined ? 'ok' : 'error-event');
});

test('every stream has its origin written down', () => {
  const origins = readFileSync(new URL('../fixtures/streams/README.md', import.meta.url), 'utf8');
  for (const name of STREAM_FIXTURES) expect(origins).toContain(`\`${name}\``);
});

/** Plain text comes in as many pieces as there are reads. */
const mended = (events: readonly AgentEvent[]) => {
  const joined: AgentEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.type !== 'text-delta' || last?.type !== 'text-delta') joined.push(event);
    else joined[joined.length - 1] = { type: 'text-delta', text: last.text + event.text };
  }
  return JSON.stringify(joined);
};

test.each(STREAM_FIXTURES)('%s says the same however its bytes are split', (name) => {
  const size = readStreamFixture(name).length;
  const whole = mended(receive(fixtureParts(name)).events);
  const everyByte = Array.from({ length: size }, (_, index) => index);
  expect(mended(receive(fixtureParts(name, everyByte)).events)).toBe(whole);
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: size }), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, (at) => {
      const parts = fixtureParts(
        name,
        at.sort((a, b) => a - b),
      );
      return mended(receive(parts).events) === whole;
    }),
    { numRuns: cases(40) },
  );
});

function say(events: readonly AgentEvent[]): Said {
  const all = (type: AgentEvent['type'], show: (event: never) => string): string[] =>
    events.filter((event) => event.type === type).map((event) => show(event as never));
  const reasoning = all('reasoning-delta', ({ text }: { text: string }) => text).join('');
  const tools = events.flatMap((event) => {
    if (event.type === 'tool-start') return `+${event.name}`;
    return event.type === 'tool-end' ? `-${event.name ?? ''}` : [];
  });
  const usage = events.flatMap((event) => (event.type === 'usage' ? `${event.inputTokens}/${event.outputTokens}` : []));
  const error = events.flatMap((event) =>
    event.type === 'error' ? `${event.message}${event.code ? ` (${event.code})` : ''}` : [],
  );
  return {
    text: all('text-delta', ({ text }: { text: string }) => text).join(''),
    ...(reasoning && { reasoning }),
    ...(tools.length > 0 && { tools: tools.join(' ') }),
    ...(usage.length > 0 && { usage: usage.join(' ') }),
    ...(error.length > 0 && { error: error.join('; ') }),
  };
}
