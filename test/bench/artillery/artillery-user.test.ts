import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseReport } from '../../../src/bench/figures/parse-report.ts';
import { LIST_PRICES } from '../../../src/bench/figures/cost.ts';
import { createVirtualUser, type TestSettings, type VirtualUser } from '../../../src/bench/artillery/index.ts';
import { createActingAgent } from '../../helpers/acting-agent.ts';
import { REGION, startChain } from '../../helpers/chain.ts';
import { serveHttp } from '../../endpoint/serve.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { EVENT_STREAM, startTurnServer, type TurnServer } from '../../helpers/turn-server.ts';

let folder: string;
let server: TurnServer | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'agentstream-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  server?.close();
  rmSync(folder, { recursive: true });
});

function settingsOf(...plan: Parameters<typeof loadPlan>): TestSettings {
  const { conversations: _none, ...rest } = loadPlan(...plan);
  return { plan: rest, auth: { type: 'none' }, hop: { hop: 'api' }, prices: LIST_PRICES, thresholds: [], maxLagMs: 50 };
}

/** Calls a virtual user as Artillery does. */
async function call(user: VirtualUser, target: string) {
  const events: [kind: string, name: string, value?: number][] = [];
  const emit = (...event: (typeof events)[number]): unknown => events.push(event);
  const failure = await user({ vars: { target } }, { emit }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const counted = (name: string): number =>
    events.filter(([kind, other]) => kind === 'counter' && other === name).reduce((sum, [, , value]) => sum + Number(value), 0);
  const errors = events.filter(([kind]) => kind === 'error').map(([, name]) => name);
  return { failure, errors, counted };
}

function prompts(...lines: string[]): URL {
  const path = join(folder, 'prompts.ndjson');
  writeFileSync(path, lines.map((prompt) => `${JSON.stringify({ prompt })}\n`).join(''));
  return pathToFileURL(path);
}

test('turns that the rate limit holds back when the time is over were never sent: no user fails for them', async () => {
  server = await startTurnServer();
  const stages = [{ durationMs: 300, level: 4 }];
  const plan = settingsOf({ startLevel: 4, stages }, { paces: { turnsPerSecond: 20 } });
  const user = createVirtualUser(plan, prompts('good'), {});
  const users = await Promise.all(Array.from({ length: 4 }, () => call(user, `${server?.url}/`)));
  expect(users.map(({ failure, errors }) => [failure, errors])).toEqual(users.map(() => [undefined, []]));
  const total = (name: string): number => users.reduce((sum, { counted }) => sum + counted(`agentstream.${name}`), 0);
  expect([total('turns'), total('outcome.ok'), total('outcome.unfinished')]).toEqual([
    server.turns.length,
    server.turns.length,
    0,
  ]);
});

test('sends the prompts in turn, counts each turn that was not ok once, and fails with the last', async () => {
  server = await startTurnServer((response, { body }) => {
    response.writeHead(200, EVENT_STREAM);
    if (body.prompt === 'cut') {
      response.write('data: "half"\n\n');
      setTimeout(() => response.destroy(), 5);
      return;
    }
    const event = body.prompt === 'fails' ? 'event: error\ndata: {"error":"no","code":"NO"}' : 'data: "hello"';
    response.end(`${event}\n\n`);
  });
  const user = createVirtualUser(settingsOf({ turns: 4 }), prompts('good', 'cut', 'fails'), {});
  const { failure, errors, counted } = await call(user, `${server.url}/`);
  expect(server.turns.map(({ body }) => body.prompt)).toEqual(['good', 'cut', 'fails', 'good']);
  expect(errors).toEqual(['reset']);
  expect(failure).toBe('error-event');
  expect(counted('agentstream.turns')).toBe(4);
  expect(counted('agentstream.outcome.ok')).toBe(2);
  expect(counted('agentstream.failed')).toBe(2);
  expect(server.stopped).toHaveLength(2);
});

test('says nothing of errors when all was well', async () => {
  server = await startTurnServer();
  const user = createVirtualUser(settingsOf({ turns: 3 }), prompts('hi'), {});
  expect(await call(user, server.url)).toMatchObject({ failure: undefined, errors: [] });
});

test('sends a probe where the plan has one', async () => {
  server = await startTurnServer();
  const probe = { count: 1, interval_ms: 0, size_bytes: 0, first_delay_ms: 0 };
  const user = createVirtualUser(settingsOf({ turns: 2 }, { probe }), undefined, {});
  await call(user, server.url);
  expect(server.turns).toMatchObject([
    { path: '/probe', body: { count: 1 } },
    { path: '/probe', body: { count: 1 } },
  ]);
  expect(server.stopped).toEqual([]);
});

test('writes its turns down as a report of the test', async () => {
  server = await startTurnServer();
  const settings = settingsOf({ turns: 3 });
  const user = createVirtualUser(settings, prompts('a', 'b'), { AGENTSTREAM_TURNS: join(folder, 't') });
  await call(user, server.url);
  const [name = ''] = readdirSync(join(folder, 't'));
  const { run, turns, clients } = parseReport(readFileSync(join(folder, 't', name), 'utf8'), name);
  expect(turns.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  expect(clients).toHaveLength(1);
  expect(run).toMatchObject({ plan: { ...settings.plan, conversations: 2 }, sessions: { opened: 1, stopped: 1, left: 0 } });
});

test('fails, too, when the turns could not be brought to S3', async () => {
  server = await startTurnServer((response) => {
    response.writeHead(200, EVENT_STREAM);
    response.end('event: error\ndata: {"error":"no"}\n\n');
  });
  const user = createVirtualUser(settingsOf({ turns: 1 }), prompts('a'), {
    AGENTSTREAM_TURNS: 's3://bucket/turns',
    // It has no such path: the body of a PUT is no turn.
    AWS_ENDPOINT_URL_S3: server.url,
  });
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'y');
  const { failure, errors } = await call(user, server.url);
  expect(errors).toEqual(['error-event']);
  expect(failure).toMatch(/^could not write s3:\/\/bucket\/turns\/turns-[-0-9a-f]+\.ndjson: \w/);
});

test('wants the key that the endpoint wants, before anything is sent', () => {
  const settings: TestSettings = { ...settingsOf(), auth: { type: 'api-key' } };
  expect(() => createVirtualUser(settings, prompts('a'), {})).toThrow(
    expect.objectContaining({ code: 'API_KEY_NEEDED', message: expect.stringContaining('AGENTSTREAM_API_KEY is not set') }),
  );
  expect(() => createVirtualUser(settings, prompts('a'), { AGENTSTREAM_API_KEY: 'k' })).not.toThrow();
});

test('wants a token where the endpoint wants that, and sends it', async () => {
  const settings: TestSettings = { ...settingsOf(), auth: { type: 'bearer', header: 'X-Token' } };
  expect(() => createVirtualUser(settings, prompts('a'), {})).toThrow(
    expect.objectContaining({ code: 'TOKEN_NEEDED', message: expect.stringContaining('AGENTSTREAM_TOKEN is not set') }),
  );
  const seen: unknown[] = [];
  const gate = await serveHttp((request, response) => {
    seen.push(request.headers['x-token']);
    response.end();
  });
  const user = createVirtualUser(settings, prompts('a'), { AGENTSTREAM_TOKEN: 'abc' });
  await call(user, gate.url);
  gate.close();
  expect(seen[0]).toBe('abc');
});

test('signs its turns where the endpoint wants that, with the credentials of the machine', async () => {
  const agent = createActingAgent();
  const chain = await startChain(agent, { parameters: { AuthMode: 'iam' } });
  try {
    for (const [name, value] of Object.entries(chain.env)) vi.stubEnv(name, value);
    const auth = { type: 'iam', region: REGION } as const;
    const user = createVirtualUser({ ...settingsOf({ turns: 2 }), auth }, prompts('a'), {});
    expect(await call(user, chain.url)).toMatchObject({ failure: undefined });
    expect(agent.invocations).toHaveLength(2);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another');
    const stranger = createVirtualUser({ ...settingsOf({ turns: 1 }), auth }, prompts('a'), {});
    expect(await call(stranger, chain.url)).toMatchObject({ failure: 'gateway-error' });
  } finally {
    await chain.close();
  }
});

test('turns go through the proxy of the environment, except to the hosts of NO_PROXY', async () => {
  server = await startTurnServer();
  const { port } = new URL(server.url);
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, socket: Socket, head: Buffer) => {
    asked.push(request.url ?? '');
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  try {
    const env = { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, NO_PROXY: '127.0.0.1' };
    const user = (): VirtualUser => createVirtualUser(settingsOf({ turns: 1 }), prompts('good'), env);
    expect(await call(user(), server.url)).toMatchObject({ failure: undefined, errors: [] });
    expect(asked).toEqual([]);
    expect(await call(user(), `http://turns.invalid:${port}`)).toMatchObject({ failure: undefined, errors: [] });
    expect(new Set(asked)).toEqual(new Set([`turns.invalid:${port}`]));
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

test('a proxy that is no URL is told at once', () => {
  const env = { HTTPS_PROXY: 'ftp://x' };
  expect(() => createVirtualUser(settingsOf(), undefined, env)).toThrow('not the URL of a proxy: HTTPS_PROXY');
});
