import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Invocation, type InvocationFailure } from '../../../src/emulator/lambda/invocation.ts';
import { RuntimeApi } from '../../../src/emulator/lambda/runtime-api.ts';

const BOOTSTRAP = fileURLToPath(new URL('../../../src/emulator/lambda/bootstrap.mjs', import.meta.url));

let api: RuntimeApi;
let base: string;
let initErrors: InvocationFailure[];
let onIdle: () => void;

beforeEach(async () => {
  initErrors = [];
  onIdle = () => undefined;
  api = await RuntimeApi.listen(
    { onIdle: () => onIdle(), onResponded: () => undefined, onInitError: (failure) => void initErrors.push(failure) },
    { bufferedResponseBytes: 100 },
  );
  base = `http://${api.address}/2018-06-01/runtime`;
});
afterEach(() => api.close());

/** Has the runtime under test ask for an event, and gives it one. */
async function dispatch(): Promise<{ invocation: Invocation; next: Response }> {
  const invocation = new Invocation({
    requestId: 'id-1',
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
    event: Buffer.from('{"a":1}'),
    mode: 'streaming',
  });
  const polled = new Promise<void>((resolve) => {
    onIdle = resolve;
  });
  const next = fetch(`${base}/invocation/next`);
  await polled;
  api.dispatch(invocation, 1_900_000_000_000);
  return { invocation, next: await next };
}

function post(path: string, body: string, headers: Record<string, string> = {}) {
  return fetch(`${base}/${path}`, { method: 'POST', body, headers });
}

test('next waits for an event, and carries what a runtime needs', async () => {
  const { next } = await dispatch();
  expect(await next.text()).toBe('{"a":1}');
  expect(Object.fromEntries(next.headers)).toMatchObject({
    'lambda-runtime-aws-request-id': 'id-1',
    'lambda-runtime-deadline-ms': '1900000000000',
    'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:f',
    'lambda-runtime-trace-id': expect.stringMatching(/^Root=1-/),
  });
});

test('a response is accepted with 202', async () => {
  const { invocation } = await dispatch();
  const answer = await post('invocation/id-1/response', '"done"');
  expect([answer.status, await answer.json()]).toEqual([202, { status: 'OK' }]);
  expect(await invocation.completion).toEqual({ type: 'ok' });
});

test('a response for another invocation is a 400', async () => {
  await dispatch();
  const answer = await post('invocation/id-2/response', '');
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ errorType: 'InvalidRequestID' });
});

test('a response that is too large is a 413, and fails the invocation', async () => {
  const { invocation } = await dispatch();
  expect((await post('invocation/id-1/response', 'x'.repeat(101))).status).toBe(413);
  expect(await invocation.completion).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
});

test('an error takes its type from the header, and may have any body', async () => {
  const { invocation } = await dispatch();
  const headers = { 'lambda-runtime-function-error-type': 'Runtime.Odd' };
  expect((await post('invocation/id-1/error', 'not JSON', headers)).status).toBe(202);
  expect(await invocation.completion).toEqual({
    type: 'error',
    when: 'before-response',
    errorType: 'Runtime.Odd',
    errorMessage: '',
    details: '{"errorType":"Runtime.Odd","errorMessage":""}',
  });
});

/** Begins a streamed response and leaves it open. */
function beginStream() {
  const request = httpRequest(`${base}/invocation/id-1/response`, {
    method: 'POST',
    headers: { 'lambda-runtime-function-response-mode': 'streaming' },
  });
  request.on('error', () => undefined);
  request.write('begun');
  return request;
}

test('an error after the response has begun is a 403', async () => {
  const { invocation } = await dispatch();
  const stream = beginStream();
  await invocation.begun;
  expect((await post('invocation/id-1/error', '{}')).status).toBe(403);
  stream.end();
  expect(await invocation.completion).toEqual({ type: 'ok' });
});

test('a runtime that breaks its response off and goes on has truncated it', async () => {
  const { invocation } = await dispatch();
  const stream = beginStream();
  await invocation.begun;
  stream.destroy();
  const polled = new Promise<void>((resolve) => {
    onIdle = resolve;
  });
  const next = fetch(`${base}/invocation/next`).catch(() => undefined);
  await polled;
  expect(await invocation.completion).toMatchObject({ errorType: 'Runtime.TruncatedResponse' });
  api.close();
  await next;
});

test('an error of the init is reported', async () => {
  await post('init/error', '{"errorType":"E","errorMessage":"m"}');
  expect(initErrors).toMatchObject([{ errorType: 'E', errorMessage: 'm', when: 'crash' }]);
});

test('an unknown path is a 404', async () => {
  expect((await fetch(`${base}/restore/next`)).status).toBe(404);
});

test('a runtime process ends when the process that holds its pipe is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'runtime-api-test-'));
  await writeFile(join(folder, 'index.js'), 'exports.handler = async () => 1;');
  const polled = new Promise<void>((resolve) => {
    onIdle = resolve;
  });
  const holder: ChildProcess = spawn(
    process.execPath,
    [
      '-e',
      `const { spawn } = require('node:child_process');
       const child = spawn(process.execPath, [${JSON.stringify(BOOTSTRAP)}], { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
       console.log(child.pid);`,
    ],
    {
      env: { AWS_LAMBDA_RUNTIME_API: api.address, _HANDLER: 'index.handler', LAMBDA_TASK_ROOT: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(holder.stdout ?? holder, 'data')) as [Buffer];
  const pid = Number(line.toString());
  await polled;
  holder.kill('SIGKILL');
  for (let alive = true; alive;) {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      process.kill(pid, 0);
    } catch {
      alive = false;
    }
  }
  await rm(folder, { recursive: true });
});
