// A server with known behaviour, in a process of its own, so that neither side disturbs the other. It writes down what it really
// did, with the monotonic time that all processes of a machine share, and hands that over when it is asked.
//   started by fork(); messages: {type: 'port'} out, {type: 'forget'} in, {type: 'log'} in and out
//   POST /SCENARIO/...   the body is read and ignored
import { createServer } from 'node:http';

/**
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {{ receivedAt: number, headersAt: number, writes: number[], endedAt: number, end: 'end' | 'cut', isError: boolean }} Entry
 */

const HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
const TEXT = 'data: "word"\n\n';
const TOOL = 'data: {"type":"TOOL_CALL_START","toolCallId":"1","toolCallName":"search"}\n\n';
const ERROR = 'event: error\ndata: {"error":"the agent failed","code":"AGENT_ERROR"}\n\n';

const STALL_FROM_MS = 3_000;
const STALL_MS = 2_000;
const STALL_SERVICE_MS = 0.5;
const MEGABYTE = 1_000_000;

/** @type {Entry[]} */
let log = [];
let firstAt = 0;
let dueAt = 0;

/** @type {Record<string, (response: Response, entry: Entry, number: number) => Promise<void>>} */
const SCENARIOS = {
  async 'late-first-event'(response, entry) {
    open(response, entry);
    await send(response, entry, [500, 520, 540, 560]);
    end(response, entry);
  },

  async silence(response, entry) {
    open(response, entry);
    await send(response, entry, [0, 20, 40]);
    write(response, entry, TOOL);
    await send(response, entry, [1_500, 1_520, 1_540]);
    end(response, entry);
  },

  /** Answers nothing between 3 and 5 s after the first request, then works off the queue, in order, 2,000 a second. */
  async stall(response, entry) {
    const sinceFirst = entry.receivedAt - firstAt;
    const isStalled = sinceFirst >= STALL_FROM_MS && sinceFirst < STALL_FROM_MS + STALL_MS;
    const freeAt = isStalled ? firstAt + STALL_FROM_MS + STALL_MS : entry.receivedAt;
    dueAt = Math.max(freeAt, dueAt + STALL_SERVICE_MS);
    await until(dueAt);
    open(response, entry);
    write(response, entry, TEXT);
    end(response, entry);
  },

  /** Each third is cut in the middle. */
  async cuts(response, entry, number) {
    open(response, entry);
    await send(response, entry, [0, 10, 20]);
    if (number % 3 === 0) cut(response, entry);
    else end(response, entry);
  },

  /** Each fourth ends with an error event. */
  async errors(response, entry, number) {
    open(response, entry);
    await send(response, entry, [0, 10, 20]);
    entry.isError = number % 4 === 0;
    if (entry.isError) write(response, entry, ERROR);
    end(response, entry);
  },

  async long(response, entry) {
    open(response, entry);
    await send(response, entry, [0, 500, 1_000, 2_500]);
    end(response, entry);
  },

  /** Cut after 1.2 s without a byte. */
  async 'idle-cut'(response, entry) {
    open(response, entry);
    await send(response, entry, [0, 20]);
    await until(now() + 1_200);
    cut(response, entry);
  },

  /** At full speed to 10 MB, then 2 MB/s. */
  async throttle(response, entry) {
    open(response, entry);
    const event = `data: "${'x'.repeat(MEGABYTE / 20 - 9)}"\n\n`;
    let bytes = 0;
    for (; bytes < 10 * MEGABYTE; bytes += event.length) await flush(response, entry, event);
    const from = now();
    for (let more = 0; more < 3 * MEGABYTE; more += event.length) {
      await until(from + more / 2_000);
      await flush(response, entry, event);
    }
    end(response, entry);
  },

  async 'probe-streaming'(response, entry) {
    await probe(response, entry, (events) => events.map((event) => [event]));
  },

  /** Four events a write. */
  async 'probe-coalesced'(response, entry) {
    await probe(response, entry, (events) =>
      events.flatMap((_event, index) => (index % 4 === 3 ? [events.slice(index - 3, index + 1)] : [[]])),
    );
  },

  /** The first goes out with the fourth. */
  async 'probe-late'(response, entry) {
    await probe(response, entry, (events) =>
      events.map((event, index) => (index < 3 ? [] : index === 3 ? events.slice(0, 4) : [event])),
    );
  },

  async 'probe-buffered'(response, entry) {
    await probe(response, entry, (events) => events.map((_event, index) => (index === events.length - 1 ? events : [])));
  },
};

const PROBE_EVENTS = 8;
// So far apart that a machine with much else to do does not look like a slow way.
const PROBE_INTERVAL_MS = 300;

/**
 * Stamps each event on schedule, and writes at each of these moments what the plan says: the events that have been stamped.
 * @param {Response} response
 * @param {Entry} entry
 * @param {(indices: number[]) => number[][]} plan which events are written at each event's moment
 */
async function probe(response, entry, plan) {
  open(response, entry);
  const startedAt = now();
  /** @type {string[]} */
  const stamped = [];
  const writes = plan(Array.from({ length: PROBE_EVENTS }, (_, index) => index));
  for (let index = 0; index < PROBE_EVENTS; index += 1) {
    await until(startedAt + index * PROBE_INTERVAL_MS);
    const data = JSON.stringify({ index, count: PROBE_EVENTS, sent_ms: now() - startedAt });
    stamped.push(`event: probe\nid: ${index}\ndata: ${data}\n\n`);
    const text = (writes[index] ?? []).map((which) => stamped[which]).join('');
    if (text !== '') write(response, entry, text);
  }
  end(response, entry);
}

/** @param {Response} response @param {Entry} entry */
function open(response, entry) {
  response.writeHead(200, HEADERS);
  entry.headersAt = now();
  response.flushHeaders();
}

/** @param {Response} response @param {Entry} entry @param {string} text */
function write(response, entry, text) {
  entry.writes.push(now());
  return response.write(text);
}

/** @param {Response} response @param {Entry} entry @param {string} text */
async function flush(response, entry, text) {
  if (!write(response, entry, text)) await new Promise((resolve) => response.once('drain', resolve));
}

/**
 * One text event at each of these times, ms since now.
 * @param {Response} response
 * @param {Entry} entry
 * @param {number[]} times
 */
async function send(response, entry, times) {
  const from = now();
  for (const time of times) {
    await until(from + time);
    write(response, entry, TEXT);
  }
}

/** @param {Response} response @param {Entry} entry */
function end(response, entry) {
  entry.endedAt = now();
  response.end();
}

/** @param {Response} response @param {Entry} entry */
function cut(response, entry) {
  entry.end = 'cut';
  entry.endedAt = now();
  // What was written before is on its way: the stream breaks off, it is not torn out of our hands. From Node 26.9 on the response
  // still holds the chunks of this tick (nodejs/node#64987).
  while (response.writableCorked > 0) response.uncork();
  response.socket?.destroySoon();
}

/** @param {number} at */
async function until(at) {
  while (now() < at) await new Promise((resolve) => setTimeout(resolve, at - now()));
}

function now() {
  const [seconds, nanos] = process.hrtime();
  return seconds * 1_000 + nanos / 1_000_000;
}

const server = createServer((request, response) => {
  const receivedAt = now();
  const [, name = ''] = request.url?.split('/') ?? [];
  request.resume();
  request.once('end', () => {
    if (request.method === 'DELETE') {
      response.end('{}');
      return;
    }
    firstAt ||= receivedAt;
    /** @type {Entry} */
    const entry = { receivedAt, headersAt: 0, writes: [], endedAt: 0, end: 'end', isError: false };
    log.push(entry);
    response.once('error', () => undefined);
    void SCENARIOS[name]?.(response, entry, log.length - 1);
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ type: 'port', port: address.port });
});

process.on('message', (/** @type {{ type: 'forget' | 'log' }} */ { type }) => {
  if (type === 'log') process.send?.({ type: 'log', log });
  log = [];
  firstAt = 0;
  dueAt = 0;
});
process.once('disconnect', () => process.exit());
