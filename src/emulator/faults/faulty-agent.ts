import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent, AgentReply } from '../agentcore/agent.ts';
import type { AgentFault } from './fault.ts';

/** A huge event is sent in pieces, so that its size costs no memory. */
const PIECE_BYTES = 65_536;

/** Chunks that a reader must survive: text outside an event, bytes that are not UTF-8, a character in two halves. */
const MALFORMED: readonly Buffer[] = [
  Buffer.from('this line is no field of an event\r'),
  Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0x20, 0xff, 0xfe, 0xc3, 0x28, 0x0a, 0x0a]),
  Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0x20, 0x22, 0xf0, 0x9f]),
  Buffer.from([0x98, 0x80, 0x22, 0x0a, 0x0a]),
  Buffer.from('{"no":"colon and no blank line"\n'),
];

/** Pause between chunks that must not arrive together. */
const APART_MS = 20;

/** An agent with a fault. A fault of AgentCore itself (`agentErrorOf`) leaves it unchanged. */
export function faultyAgent(agent: Agent, fault: AgentFault): Agent {
  return {
    async invoke(invocation) {
      const { signal } = invocation;
      if (fault.kind === 'slow-first') await sleep(fault.ms, undefined, { signal });
      const reply = await agent.invoke(invocation);
      return { ...reply, body: withFault(reply, fault, signal) };
    },
  };
}

function withFault({ body, contentType }: AgentReply, fault: AgentFault, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const events = () => sseEvents(body, contentType);
  switch (fault.kind) {
    case 'cut':
      return between(events(), fault.events, async () => {
        throw new Error('the fault breaks the stream off');
      });
    case 'stall':
      return between(events(), fault.events, () => sleep(fault.ms, undefined, { signal }));
    case 'empty':
      return nothingOf(body);
    case 'huge':
      return afterHugeEvent(fault.bytes, body);
    case 'malformed':
      return between(events(), 1, async () => malformed(signal));
    default:
      return body;
  }
}

/** Acts after a number of events, or after the last one when there are fewer; what the act yields comes there. */
async function* between(events: AsyncIterable<Buffer>, after: number, act: () => Promise<AsyncIterable<Buffer> | void>) {
  let count = 0;
  if (after === 0) yield* (await act()) ?? [];
  for await (const event of events) {
    yield event;
    count += 1;
    if (count === after) yield* (await act()) ?? [];
  }
  if (count < after) yield* (await act()) ?? [];
}

/** Reads an answer to its end and yields no bytes of it. */
async function* nothingOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const _ of body);
  yield Buffer.alloc(0);
}

/** One event of exactly that many bytes, never fewer than its frame needs, and then the body. */
async function* afterHugeEvent(bytes: number, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const head = Buffer.from('data: "');
  const tail = Buffer.from('"\n\n');
  yield head;
  for (let left = bytes - head.length - tail.length; left > 0; left -= PIECE_BYTES)
    yield Buffer.alloc(Math.min(left, PIECE_BYTES), 'x');
  yield tail;
  yield* body;
}

async function* malformed(signal: AbortSignal): AsyncGenerator<Buffer> {
  for (const chunk of MALFORMED) {
    yield chunk;
    await sleep(APART_MS, undefined, { signal });
  }
}

/** A blank line ends an event, with any line ends (HTML standard, "Server-sent events"). */
const EVENT_END = /\r\n\r\n|\n\n|\r\r|\n\r\n|\r\n\n|\r\n\r/;

/** Splits a stream into events, each with its blank line; in a body of another media type each chunk counts as an event. */
export async function* sseEvents(body: AsyncIterable<Uint8Array>, contentType: string): AsyncGenerator<Buffer> {
  if (!contentType.startsWith('text/event-stream')) {
    for await (const chunk of body) yield Buffer.from(chunk);
    return;
  }
  // latin1: one character per byte, so that no UTF-8 sequence is changed.
  let text = '';
  for await (const chunk of body) {
    text += Buffer.from(chunk).toString('latin1');
    for (let end = EVENT_END.exec(text); end; end = EVENT_END.exec(text)) {
      const length = end.index + end[0].length;
      yield Buffer.from(text.slice(0, length), 'latin1');
      text = text.slice(length);
    }
  }
  if (text !== '') yield Buffer.from(text, 'latin1');
}
