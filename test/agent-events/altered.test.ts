import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { AgentEventReader } from '../../src/agent-events/agent-event-reader.ts';
import { AnswerReader } from '../../src/agent-events/answer-reader.ts';
import type { SseItem } from '../../src/agent-events/sse.ts';
import { eventLine } from '../helpers/event-line.ts';
import { bodyOf, itemsOf } from '../helpers/stream-shape.ts';
import { STREAM_SHAPES } from '../helpers/stream-shapes.ts';

// Frameworks change and people build their own: a member goes, gets another kind or another name, an event comes twice. What is said then
// was never decided case by case, but a change of it should be one that somebody wanted. `altered.hashes.txt` has a hash of all that is said
// for each stream and kind of alteration. To see the words behind the hashes, before and after a change:
//   AGENTSTREAM_ALTERED=words.txt npx vitest run test/agent-events/altered.test.ts
const SHOWN_IN = process.env['AGENTSTREAM_ALTERED'];

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Altered = readonly [what: string, items: readonly SseItem[]];

const DEEPEST = 6;

/** Every place in a value: how to get a copy of it whose member there is another, or gone. */
function* placesIn(value: Json, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null || path.length === DEEPEST) return;
  for (const [name, member] of Object.entries(value))
    yield* placesIn(member, [...path, Array.isArray(value) ? Number(name) : name]);
}

function change(
  value: Json,
  [name, ...rest]: readonly (string | number)[],
  put: (parent: Json, name: string | number) => void,
): Json {
  const copy = structuredClone(value);
  let parent = copy as Record<string | number, Json>;
  let last = name ?? '';
  for (const next of rest) {
    parent = parent[last] as Record<string | number, Json>;
    last = next;
  }
  put(parent, last);
  return copy;
}

type Parent = Record<string | number, Json>;
const setTo = (make: (member: Json | undefined) => Json) => (parent: Json, name: string | number) => {
  (parent as Parent)[name] = make((parent as Parent)[name]);
};

/** Alterations of one member. */
const OF_MEMBERS: Readonly<Record<string, (parent: Json, name: string | number) => void>> = {
  gone: (parent, name) => {
    if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete (parent as Parent)[name];
  },
  null: setTo(() => null),
  empty: setTo((member) => (typeof member === 'string' ? '' : Array.isArray(member) ? [] : typeof member === 'number' ? 0 : {})),
  'of another kind': setTo((member) => (typeof member === 'string' ? 7 : 'x')),
  'in a list': setTo((member) => [member ?? null]),
  'under a name': setTo((member) => ({ x: member ?? null })),
  'in other words': setTo((member) =>
    typeof member === 'string' ? `${member} more` : typeof member === 'number' ? member + 1 : !member,
  ),
  renamed(parent, name) {
    if (Array.isArray(parent)) return;
    const { [name]: member = null, ...others } = parent as Parent;
    for (const each of Object.keys(parent as Parent)) delete (parent as Parent)[each];
    Object.assign(parent as Parent, others, { [`${name}x`]: member });
  },
};

function* alteredMembers(items: readonly SseItem[], put: (parent: Json, name: string | number) => void): Generator<Altered> {
  for (const [index, item] of items.entries()) {
    const value = item.type === 'event' ? parse(item.data) : undefined;
    if (value === undefined || item.type !== 'event') continue;
    for (const path of placesIn(value)) {
      const data = JSON.stringify(change(value, path, put));
      yield [`${index} ${path.join('.')}`, items.with(index, { ...item, data })];
    }
  }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Alterations of whole events. */
const OF_EVENTS: Readonly<Record<string, (items: readonly SseItem[], index: number) => readonly SseItem[]>> = {
  'events gone': (items, index) => items.toSpliced(index, 1),
  'events twice': (items, index) => items.toSpliced(index, 0, items[index] as SseItem),
  'the rest gone': (items, index) => items.slice(0, index),
  'the first behind': (items, index) => [...items.slice(index), ...items.slice(0, index)],
  'without names': (items, index) =>
    items.map((item, at) => (at === index && item.type === 'event' ? { ...item, event: 'message' } : item)),
  'another name': (items, index) =>
    items.map((item, at) => (at === index && item.type === 'event' ? { ...item, event: 'x' } : item)),
};

const read = (items: readonly SseItem[]): AgentEvent[] => {
  const reader = new AgentEventReader();
  return [...items.flatMap((item) => reader.read(item)), ...reader.end()];
};

/** The same stream as bodies of other kinds, cut somewhere. */
function* bodiesOf(values: readonly unknown[]): Generator<readonly [what: string, contentType: string, body: Buffer]> {
  const plain = values.every((value) => typeof value === 'object' && value !== null && !('data' in value && 'event' in value));
  const forms: readonly (readonly [string, string])[] = [
    ['text/event-stream', bodyOf(values)],
    ...(plain
      ? ([
          ['application/x-ndjson', values.map((value) => `${JSON.stringify(value)}\n`).join('')],
          ['application/json', JSON.stringify(values)],
          ['application/json', values.map((value) => JSON.stringify(value)).join('')],
          ['text/plain', values.map((value) => JSON.stringify(value)).join('\n')],
        ] as const)
      : []),
  ];
  for (const [contentType, text] of forms) {
    const body = Buffer.from(text);
    for (const share of [1, 0.9, 0.5, 0.2])
      yield [`${contentType} ${share}`, contentType, body.subarray(0, Math.ceil(body.length * share))];
  }
}

const answerOf = (contentType: string, body: Buffer): AgentEvent[] => {
  const reader = new AnswerReader(contentType);
  return [...reader.push(body), ...reader.end()];
};

it('what altered streams say is what they said before', { timeout: 120_000 }, async () => {
  const lines = [];
  for (const { name, pieces, whole, failure } of STREAM_SHAPES) {
    const ways = {
      whole: [...(pieces?.(['Two ', 'words']) ?? []), ...(whole?.('Two words') ?? [])],
      ...(failure && { failed: [...(pieces?.(['Two ']) ?? []), ...failure] }),
    };
    for (const [way, values] of Object.entries(ways)) {
      const items = itemsOf(values);
      const usual = eventLine(read(items));
      const told = new Map<string, string[]>();
      const tell = (kind: string, what: string, events: readonly AgentEvent[]): void => {
        const line = eventLine(events);
        if (line !== usual) told.set(kind, [...(told.get(kind) ?? []), `${what}: ${line}`]);
      };
      for (const [kind, put] of Object.entries(OF_MEMBERS))
        for (const [what, altered] of alteredMembers(items, put)) tell(kind, what, read(altered));
      for (const [kind, alter] of Object.entries(OF_EVENTS))
        for (const index of items.keys()) tell(kind, String(index), read(alter(items, index)));
      for (const [what, contentType, body] of bodiesOf(values)) tell('bodies', what, answerOf(contentType, body));
      const hashes = [...told].map(
        ([kind, words]) => `  ${kind} ${createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 8)}`,
      );
      lines.push(`${name}, ${way}:`, ...hashes);
      if (SHOWN_IN)
        appendFileSync(
          SHOWN_IN,
          [...told].flatMap(([kind, words]) => words.map((each) => `${name}, ${way}, ${kind} ${each}\n`)).join(''),
        );
    }
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('altered.hashes.txt');
});
