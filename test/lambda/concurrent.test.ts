import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { bundleHandler } from '../../src/stack/bundle.ts';
import { createGate } from '../helpers/acting-agent.ts';
import { startConcurrentRuntimeApi } from './concurrent/runtime-api.ts';
import { type RawAgentCore, startRawAgentCore } from './raw-agent-core.ts';
import { findRuntimeClient } from './runtime-client/find-runtime-client.ts';

/** A process that works on several events at once. */
interface ConcurrentRuntime {
  /** Bytes that the function has answered a turn with. */
  turn(prompt: string, sessionId: string): Promise<string>;
  /** Gives the process another access key, as Lambda does from time to time. */
  rotate(accessKeyId: string): Promise<void>;
}

/** AWS's client has its workers in threads; one of them makes sure that both turns meet in one copy of the handler. */
const ONE_WORKER = { AWS_LAMBDA_MAX_CONCURRENCY: '10', AWS_LAMBDA_NODEJS_WORKER_COUNT: '1' };
const OWN_RUNTIME = [fileURLToPath(new URL('concurrent/runtime.mjs', import.meta.url))];

let code: string;
const cleanUps: (() => unknown)[] = [];
beforeAll(async () => {
  ({ code } = await bundleHandler());
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function startRuntime(
  [command, ...args]: readonly [string, ...string[]],
  agentCore: RawAgentCore,
  variables: Readonly<Record<string, string>> = {},
): Promise<ConcurrentRuntime> {
  const taskRoot = await mkdtemp(join(tmpdir(), 'concurrent-'));
  cleanUps.push(() => rm(taskRoot, { recursive: true, force: true }));
  await writeFile(join(taskRoot, 'index.js'), code);
  await writeFile(join(taskRoot, 'package.json'), '{"type":"commonjs"}');
  const api = await startConcurrentRuntimeApi();
  cleanUps.push(() => api.close());
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: 'f',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: 'g',
      AWS_LAMBDA_LOG_STREAM_NAME: 's',
      AGENT_RUNTIME_ARN: 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/a-0123456789',
      AWS_ENDPOINT_URL: agentCore.url,
      AWS_ACCESS_KEY_ID: 'FIRST',
      AWS_SECRET_ACCESS_KEY: 'secret',
      FLUSH_MODE: 'off',
      ...variables,
    },
  });
  const exited = once(child, 'exit');
  cleanUps.push(() => child.kill() && exited);
  return {
    async turn(prompt, sessionId) {
      const { action, body, errorType } = await api.invoke({
        httpMethod: 'POST',
        resource: '/invoke',
        headers: null,
        body: JSON.stringify({ prompt, session_id: sessionId }),
        isBase64Encoded: false,
        requestContext: { requestId: prompt },
      });
      expect([action, errorType]).toEqual(['response', undefined]);
      return body;
    },
    async rotate(accessKeyId) {
      const told = once(child.stdout, 'data');
      child.stdin.write(`rotate ${accessKeyId}\n`);
      await told;
    },
  };
}

/** Two turns of which each ends only when both have begun; one of them is cut. */
async function crossTurns(command: readonly [string, ...string[]], variables?: Readonly<Record<string, string>>): Promise<void> {
  const begun = { whole: createGate(), cut: createGate() };
  const agentCore = await startRawAgentCore((call, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const prompt = call.payload.prompt === 'cut' ? 'cut' : 'whole';
    response.write(`data: ${prompt} 1\n\n`, () => begun[prompt].open());
    void Promise.all([begun.whole.promise, begun.cut.promise]).then(() => {
      if (prompt === 'cut') response.socket?.end();
      else response.end('data: whole 2\n\n');
    });
  });
  cleanUps.push(() => agentCore.close());
  const runtime = await startRuntime(command, agentCore, variables);
  const [whole, cut] = await Promise.all([runtime.turn('whole', 'w'.repeat(40)), runtime.turn('cut', 'c'.repeat(40))]);
  expect(whole).toMatch(/"X-Session-Id":"w{40}".*\0{8}data: whole 1\n\ndata: whole 2\n\n$/s);
  expect(cut).toMatch(/"X-Session-Id":"c{40}".*\0{8}data: cut 1\n\nevent: error\n/s);
  expect(cut).toMatch(/"code":"STREAM_INTERRUPTED","requestId":"cut"/);
  const sessions = agentCore.calls.map(({ sessionId }) => sessionId[0]);
  expect(new Set(sessions)).toEqual(new Set(['c', 'w']));
  // One of them has paid for the start.
  expect([whole, cut].filter((text) => text.includes('init;dur='))).toHaveLength(1);
  expect(await runtime.turn('whole', 'w'.repeat(40))).toMatch(/data: whole 2\n\n$/);
}

test('two turns at once in one process have nothing in common', async () => {
  await crossTurns([process.execPath, ...OWN_RUNTIME]);
});

test('each call is signed with the credentials of its moment', async () => {
  const agentCore = await startRawAgentCore((_call, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  cleanUps.push(() => agentCore.close());
  const runtime = await startRuntime([process.execPath, ...OWN_RUNTIME], agentCore);
  await runtime.turn('before', 'b'.repeat(40));
  await runtime.rotate('SECOND');
  await runtime.turn('after', 'a'.repeat(40));
  expect(agentCore.calls.map(({ accessKeyId }) => accessKeyId)).toEqual(['FIRST', 'SECOND']);
});

const client = findRuntimeClient();
if (client.type === 'missing') {
  process.stderr.write(`skipped: the multi-concurrency mode of aws-lambda-ric: ${client.reason}\n`);
  test.skip(`multi-concurrency (${client.reason})`, () => undefined);
} else {
  test(`the same in the multi-concurrency mode of aws-lambda-ric ${client.version}`, async () => {
    const command = [client.node, '--import', client.stub, client.program] as const;
    await crossTurns(command, ONE_WORKER);
  });
}
