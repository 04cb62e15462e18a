import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { parseRecordings } from '../../src/stream/parse-recording.ts';
import { measureRecording } from '../helpers/measure-recording.ts';
import { type ActingAgent, createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { serveHttp } from '../endpoint/serve.ts';
import { createMemoryTerminal, type MemoryTerminalOptions } from '../helpers/memory-terminal.ts';
import { type CliResult, jsonLines, runCli } from '../helpers/run-cli.ts';

let agent: ActingAgent;
let chain: Chain;
beforeAll(async () => {
  agent = createActingAgent();
  chain = await startChain(agent, { parameters: { AuthMode: 'api-key' } });
});
afterAll(() => chain.close());

const invoke = (args: string[], options: MemoryTerminalOptions = {}): Promise<CliResult> =>
  runCli(['invoke', '--stack-name', 'chain', ...args], { ...options, env: { ...chain.env, ...options.env } });

test('puts the answer on stdout and the session on stderr', async () => {
  agent.on('hello', { acts: [{ write: 'data: "Hel"\n\n' }, { write: 'data: "lo!"\n\n' }] });
  const result = await invoke(['hello']);
  expect(result).toMatchObject({ exitCode: 0, stdout: 'Hello!\n' });
  expect(result.stderr).toMatch(/^session [0-9a-f-]{36}\n$/);
});

test('reads the prompt from stdin', async () => {
  agent.on('from a pipe', { acts: [{ write: 'data: "heard"\n\n' }] });
  expect(await invoke([], { stdin: 'from a pipe' })).toMatchObject({ exitCode: 0, stdout: 'heard\n' });
});

test('shows the timing of the stream on request', async () => {
  const { stderr } = await invoke(['hello', '--stats']);
  expect(stderr).toMatch(
    /^ttfb [\d.]+ m?s · first text [\d.]+ m?s · longest silence [\d.]+ m?s of 300 s [a-z -]+ · 2 events in [\d.]+ m?s · 26 B · session [0-9a-f]{8} new\n/,
  );
});

test('prints the stream as it came with --raw', async () => {
  expect((await invoke(['hello', '--raw'])).stdout).toBe('data: "Hel"\n\ndata: "lo!"\n\n');
});

test('prints events and a result with --json', async () => {
  const lines = jsonLines((await invoke(['hello', '--json'])).stdout);
  expect(lines.map(({ type }) => type)).toEqual(['text-delta', 'text-delta', 'result']);
  expect(lines.at(-1)).toMatchObject({ ok: true, metrics: { outcome: 'ok', events: 2, bytes: 26 } });
});

test('records turns, one after the other, and measures them the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  try {
    const file = join(folder, 'turns.ndjson');
    for (let turn = 0; turn < 2; turn += 1) await invoke(['hello', '--record', file]);
    const recordings = parseRecordings(readFileSync(file, 'utf8'));
    expect(recordings.map(({ header }) => [header.transport, header.request?.prompt])).toEqual([
      ['api', 'hello'],
      ['api', 'hello'],
    ]);
    for (const recording of recordings) {
      expect(measureRecording(recording).metrics).toMatchObject({ outcome: 'ok', events: 2, bytes: 26 });
    }
    const refused = await invoke(['hello', '--record', join(folder, 'no', 'such', 'folder')]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('could not write');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(['lambda', 'agentcore'])('goes by the hop %s', async (hop) => {
  const result = await invoke(['hello', '--hop', hop]);
  expect(result).toMatchObject({ exitCode: 0, stdout: 'Hello!\n' });
});

test('continues a session', async () => {
  const session = 'go-on-0123456789-0123456789-0123456789';
  const { stderr } = await invoke(['hello', '--session', session]);
  expect(stderr).toBe(`session ${session}\n`);
  expect(agent.invocations.at(-1)?.sessionId).toBe(session);
});

test('knows the texts that agents send', async () => {
  agent.on('shapes', {
    acts: [
      { write: 'data: raw text\n\n' },
      { write: 'data: {"data":" strands","delta":{}}\n\n' },
      { write: 'data: {"event":{"contentBlockDelta":{"delta":{"text":" strands"}}}}\n\n' },
      { write: ': heartbeat\n\n' },
    ],
  });
  expect((await invoke(['shapes'])).stdout).toBe('raw text strands\n');
});

test('prints a whole JSON answer', async () => {
  agent.on('whole', { contentType: 'application/json', acts: [{ write: '{"result":"forty-two"}' }] });
  expect((await invoke(['whole'])).stdout).toBe('forty-two\n');
});

test.each([
  [
    'an error event',
    [{ write: 'data: "a"\n\nevent: error\ndata: {"error":"no more"}\n\n' }],
    /the agent reported an error: no more/,
  ],
  ['a broken stream', [{ write: 'data: "a"\n\n' }, { die: true as const }], /the agent broke off.*STREAM_INTERRUPTED/],
])('%s is a failure, and what came before it is kept', async (prompt, acts, message) => {
  agent.on(prompt, { acts });
  const result = await invoke([prompt]);
  expect(result).toMatchObject({ exitCode: 4, stdout: 'a\n' });
  expect(result.stderr).toMatch(message);
});

const errorOfDepth = (levels: number): string => `data: {"error":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}\n\n`;

test.each([
  ['an answer with nothing in it', [], /the agent answered with nothing/],
  ['an answer of comments', [{ write: ': nothing\n\n' }], /the agent answered with nothing/],
  ['an error that is nested 8,000 levels deep', [{ write: errorOfDepth(8_000) }], /the agent reported an error: JSON/],
])('%s is a failure', async (prompt, acts, message) => {
  agent.on(prompt, { acts });
  const result = await invoke([prompt]);
  expect(result).toMatchObject({ exitCode: 4, stdout: '' });
  expect(result.stderr).toMatch(message);
});

test('an answer without text that is known says so, with --json as well', async () => {
  agent.on('numbers', { acts: [1, 2, 3, 4].map((n) => ({ write: `data: {"n":${n}}\n\n` })) });
  const shown = await invoke(['numbers']);
  expect(shown).toMatchObject({ exitCode: 0, stdout: '' });
  expect(shown.stderr).toContain('note: 4 events, none with text that is known; --raw shows them\n');
  const { stdout } = await invoke(['numbers', '--json']);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    type: 'result',
    ok: true,
    understood: false,
    notes: [expect.stringContaining('none with text')],
  });
  expect((await invoke(['numbers', '--raw'])).stderr).not.toContain('--raw');
});

test('--json of a stream that fails has one result, and it is not ok', async () => {
  agent.on('cut', { acts: [{ write: 'data: "half"\n\n' }, { die: true }] });
  const { exitCode, stdout } = await invoke(['cut', '--json']);
  expect(exitCode).toBe(4);
  expect(jsonLines(stdout).map(({ type, ok }) => [type, ok])).toEqual([
    ['text-delta', undefined],
    ['error', undefined],
    ['result', false],
  ]);
});

test('a refusal of the endpoint is a failure with what to do', async () => {
  agent.on('breaks', { status: 500, acts: [] });
  const result = await invoke(['breaks', '--json']);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(/the endpoint answered 424: the agent failed.*\nhint: look at the agent's own log/);
  expect(jsonLines(result.stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'AGENT_ERROR' } });
});

test('a URL with its key is enough; without the key it says which flag is missing', async () => {
  const key = (await runCli(['status', '--show-key', '--stack-name', 'chain'], { env: chain.env })).stdout.trim();
  expect(key).toMatch(/^\w{20,}$/);
  const direct = (args: string[], env: Record<string, string> = {}): Promise<CliResult> =>
    runCli(['invoke', 'hello', ...args], { env });
  expect(await direct(['--url', chain.url, '--api-key', key])).toMatchObject({ exitCode: 0, stdout: 'Hello!\n' });
  expect(await direct([], { AGENTSTREAM_URL: `${chain.url}/invoke`, AGENTSTREAM_API_KEY: key })).toMatchObject({ exitCode: 0 });
  const refused = await direct(['--url', chain.url]);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/answered 403: Forbidden\nhint: give an API key by --api-key/);
});

test.each([
  [['--session', 'short', 'hi'], /not a session id: short/],
  [[], /the prompt is empty/],
  [['--url', 'ftp://x', 'hi'], /not an http\(s\) URL: ftp:\/\/x/],
])('refuses %j', async (args, message) => {
  const result = await invoke(args);
  expect(result.exitCode).toBe(2);
  expect(result.stderr).toMatch(message);
});

test('an unknown stack is named with where it was looked for', async () => {
  const result = await runCli(['invoke', 'hi', '--stack-name', 'nobody'], { env: chain.env });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toMatch(/there is no stack nobody in us-east-1\nhint: check --stack-name and --region/);
});

test('Ctrl-C stops the answer and the agent, and keeps what has come', async () => {
  agent.on('endless', { acts: [{ write: 'data: "so far"\n\n' }, { wait: new Promise(() => undefined) }] });
  const terminal = createMemoryTerminal({ env: chain.env });
  const done = main(['invoke', 'endless', '--stack-name', 'chain'], terminal);
  await expect.poll(() => terminal.text.stdout).toBe('so far');
  terminal.interrupt();
  expect(await done).toBe(130);
  expect(terminal.text.stderr).toMatch(/^stopped: the agent was told to stop; .*\nhint: to continue: --session [0-9a-f-]{36}/);
  await expect.poll(() => agent.stopped).toContain('endless');
});

test('Ctrl-C says when the agent could not be stopped', async () => {
  const served = await serveHttp(({ method }, response) => {
    if (method === 'POST') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: "so far"\n\n');
      return;
    }
    response.writeHead(502).end('{"message":"Internal server error"}');
  });
  try {
    const terminal = createMemoryTerminal();
    const done = main(['invoke', 'endless', '--url', served.url], terminal);
    await expect.poll(() => terminal.text.stdout).toBe('so far');
    terminal.interrupt();
    expect(await done).toBe(130);
    expect(terminal.text.stderr).toMatch(
      /^stopped: could not stop the agent, which may continue to work: the endpoint answered 502: .*\nhint: to continue: /,
    );
    expect(terminal.text.stderr).not.toContain('was told to stop');
  } finally {
    served.close();
  }
});

test.each(['api', 'lambda', 'agentcore'])('--payload and --header send what curl could, by the hop %s', async (hop) => {
  agent.on('of a payload', { acts: [{ write: 'data: "got it"\n\n' }] });
  const payload = { prompt: 'of a payload', tenant: { id: 7 }, session_id: 's'.repeat(40), accept: 'text/event-stream' };
  const result = await invoke(['--hop', hop, '--payload', JSON.stringify(payload)]);
  expect(result).toMatchObject({ exitCode: 0, stdout: 'got it\n', stderr: `session ${payload.session_id}\n` });
  const { payload: sent, sessionId } = agent.invocations.at(-1) ?? {};
  expect([JSON.parse(String(sent)), sessionId]).toEqual([{ prompt: 'of a payload', tenant: { id: 7 } }, payload.session_id]);
  const stdin = '{"prompt":"no", "n":12345678901234567890}';
  const named = await invoke(['--hop', hop, '--payload', '-', 'by word'], { stdin });
  expect(named).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
  expect(String(agent.invocations.at(-1)?.payload)).toBe('{"prompt":"by word","n":12345678901234567890}');
});

test('a header of --header is sent, its name once', async () => {
  const seen: (readonly string[])[] = [];
  const served = await serveHttp((request, response) => {
    seen.push(request.rawHeaders);
    response.end('{"answer":"yes"}');
  });
  try {
    const headers = ['--header', 'X-Tenant: acme, inc', '--header', 'Content-Type:application/json; a=b'];
    expect((await runCli(['invoke', '--url', served.url, 'hi', ...headers])).exitCode).toBe(0);
    const [raw = []] = seen;
    const values = (name: string): readonly string[] => raw.filter((_, at) => raw[at - 1]?.toLowerCase() === name);
    expect([values('x-tenant'), values('content-type')]).toEqual([['acme, inc'], ['application/json; a=b']]);
  } finally {
    served.close();
  }
});

test.each([
  [['two', 'words'], "a prompt is one argument, not 2\nhint: quote it: agentstream invoke 'two words'\n"],
  [['--payload', '[1]'], 'could not read [1]: there is no such file\n'],
  [['--payload', '{"a":'], '--payload takes a JSON object: '],
  [['--payload', '-'], '--payload takes a JSON object on stdin, not 7\n'],
  [['--header', 'no colon'], '--header takes NAME:VALUE, not no colon\n'],
  [['--hop', 'agentcore', '--header', 'a:b', 'hi'], '--header needs the hop api or lambda\n'],
])('%j is refused at once', async (args, words) => {
  const { exitCode, stderr } = await runCli(['invoke', ...args], { stdin: '7' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(words) });
});

test('on a terminal lines are broken between words; a pipe gets every byte', async () => {
  const text = 'some words that are more than a line of twenty cells';
  agent.on('long', { acts: text.split(' ').map((word) => ({ write: `data: ${JSON.stringify(`${word} `)}\n\n` })) });
  const terminal = createMemoryTerminal({ env: chain.env, isTTY: true });
  const stdout = { ...terminal.stdout, columns: 20 };
  expect(await main(['invoke', '--stack-name', 'chain', 'long'], { ...terminal, stdout })).toBe(0);
  expect(terminal.text.stdout).toBe('some words that are\nmore than a line of\ntwenty cells\n');
  expect((await invoke(['long'])).stdout).toBe(`${text} \n`);
});
