import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { ChatSession } from '../../src/chat/chat-session.ts';
import { openConnection } from '../../src/endpoint/connection.ts';
import { type Served, serveHttp } from '../endpoint/serve.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { urlTarget } from '../helpers/open-hop.ts';
import { BIN } from '../helpers/spawned.ts';

const EVENT = Buffer.from(`data: "${'x'.repeat(65_000)}"\n\n`);
const EVENTS = 3_000;
/** What sockets, pipes and streams hold on the way, and no answer of 195 MB. */
const BOUND_BYTES = 48_000_000;

let served: Served | undefined;
let child: ChildProcess | undefined;
let folder: string | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
  served?.close();
  if (folder) rmSync(folder, { recursive: true });
  folder = undefined;
});

/** Offers a large answer, as fast as it is taken. */
async function offer(): Promise<{ readonly url: string; acceptedBytes(): number }> {
  let bytes = 0;
  const write = (response: ServerResponse, left: number): void => {
    if (left === 0) return void response.end();
    // Called when the system has taken it.
    response.write(EVENT, (error) => {
      if (error) return;
      bytes += EVENT.length;
      write(response, left - 1);
    });
  };
  served = await serveHttp((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    write(response, EVENTS);
  });
  return { url: served.url, acceptedBytes: () => bytes };
}

/** Waits until nothing more is accepted for twenty looks, and gives how much was. */
async function atHalt(acceptedBytes: () => number): Promise<number> {
  let seen = -1;
  let quiet = 0;
  await expect
    .poll(
      () => {
        const bytes = acceptedBytes();
        quiet = bytes > 0 && bytes === seen ? quiet + 1 : 0;
        seen = bytes;
        return quiet;
      },
      { interval: 100, timeout: 60_000 },
    )
    .toBe(20);
  return seen;
}

test.each([[[]], [['--json']], [['--raw']], [['--record']]])(
  'invoke %j into a pipe that nobody reads pauses the sender',
  { timeout: 90_000 },
  async (flags) => {
    const { url, acceptedBytes } = await offer();
    folder = mkdtempSync(join(tmpdir(), 'agentstream-stalled-'));
    const file = flags.includes('--record') ? [join(folder, 'turn.ndjson')] : [];
    child = spawn(process.execPath, [BIN, 'invoke', '--url', url, 'hi', ...flags, ...file], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'] },
    });
    expect(await atHalt(acceptedBytes)).toBeLessThan(BOUND_BYTES);
  },
);

test('a chat whose terminal takes nothing pauses the sender', { timeout: 90_000 }, async () => {
  const { url, acceptedBytes } = await offer();
  const stream = new Writable({ write: () => undefined });
  const memory = createMemoryTerminal();
  const terminal = { ...memory, stdout: { ...memory.stdout, stream, write: (text: string | Uint8Array) => stream.write(text) } };
  const target = await urlTarget(url);
  const connection = await openConnection('api', target);
  const session = new ChatSession({
    terminal,
    open: (hop) => openConnection(hop, target),
    connection,
    hop: 'api',
    sessionId: undefined,
    qualifier: undefined,
    settings: { raw: true, showEvents: false, stats: 'off' },
    record: undefined,
  });
  const over = new AbortController();
  const sent = session.send('hi', over.signal);
  expect(await atHalt(acceptedBytes)).toBeLessThan(BOUND_BYTES);
  over.abort();
  served?.close();
  await sent;
  await connection.close();
});
