import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENDPOINT_URL, type LambdaHarness, startLambda, streaming } from './lambda-harness.ts';

/** Counts its own calls; `{hold: true}` waits for SIGUSR2. */
const COUNTER = `let calls = 0; ${streaming(`
  calls += 1;
  if (event.hold) {
    const released = new Promise((resolve) => process.once('SIGUSR2', resolve));
    stream.write(process.pid + ' ');
    await released;
  }
  stream.write(String(calls)); stream.end();`)}`;

let lambda: LambdaHarness;
beforeAll(async () => {
  lambda = await startLambda({ concurrentExecutions: 3, unreservedConcurrentExecutions: 1 });
});
afterAll(async () => {
  await lambda.close();
});

/** Starts an invocation that stays until it is released. */
async function hold(name: string) {
  const { payload, completion } = await lambda.invoke(name, { hold: true });
  const chunks = payload[Symbol.asyncIterator]();
  const first = await chunks.next();
  const pid = Number(String(first.value));
  return {
    pid,
    async release() {
      process.kill(pid, 'SIGUSR2');
      const second = await chunks.next();
      await chunks.next();
      await completion;
      return String(second.value);
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitUntilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
}

test('calls one after the other share one warm environment', async () => {
  const name = await lambda.deploy(COUNTER);
  const answers = [];
  for (let call = 0; call < 5; call += 1) answers.push((await lambda.run(name)).chunks.join(''));
  expect(answers).toEqual(['1', '2', '3', '4', '5']);
});

test('calls at the same time have an environment each', async () => {
  const name = await lambda.deploy(COUNTER);
  const [one, two] = [await hold(name), await hold(name)];
  expect(one.pid).not.toBe(two.pid);
  expect([await one.release(), await two.release()]).toEqual(['1', '1']);
});

test('the account concurrency is a 429 with its reason', async () => {
  const name = await lambda.deploy(COUNTER);
  const held = await Promise.all([hold(name), hold(name), hold(name)]);
  await expect(lambda.invoke(name)).rejects.toMatchObject({
    code: 'TooManyRequestsException',
    status: 429,
    members: { Reason: 'ConcurrentInvocationLimitExceeded' },
  });
  for (const each of held) await each.release();
  expect((await lambda.run(name)).completion).toEqual({ type: 'ok' });
});

test('reserved concurrency is a limit of the function, and taken from the others', async () => {
  const reserved = await lambda.deploy(COUNTER, { ReservedConcurrentExecutions: 2 });
  const other = await lambda.deploy(COUNTER);
  const held = [await hold(reserved), await hold(reserved), await hold(other)];
  await expect(lambda.invoke(reserved)).rejects.toMatchObject({
    members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  });
  await expect(lambda.invoke(other)).rejects.toMatchObject({ members: { Reason: 'ConcurrentInvocationLimitExceeded' } });
  for (const each of held) await each.release();
  await expect(lambda.deploy(COUNTER, { ReservedConcurrentExecutions: 1 })).rejects.toThrow(
    'UnreservedConcurrentExecution below its minimum value of [1]',
  );
  await lambda.update(reserved, COUNTER);
});

test('a process that exits before its response is a Runtime.ExitError; the next call is cold', async () => {
  const name = await lambda.deploy(
    `let calls = 0; ${streaming(`calls += 1; if (event.exit) process.exit(3); stream.write(String(calls)); stream.end();`)}`,
  );
  await lambda.run(name);
  expect(await lambda.run(name, { exit: true })).toMatchObject({
    chunks: [],
    completion: {
      when: 'crash',
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Runtime exited with error: exit status 3$/),
    },
  });
  expect((await lambda.run(name)).chunks).toEqual(['1']);
});

test('what was written before a crash arrives', async () => {
  const name = await lambda.deploy(
    streaming(`stream.write('x'.repeat(100_000), () => process.exit(1)); await new Promise(() => {});`),
  );
  // Once in twenty, on a busy machine, the parser's own error came first.
  for (let run = 0; run < 10; run += 1) {
    const answer = await lambda.run(name);
    expect(answer.chunks.join('')).toHaveLength(100_000);
    expect(answer.completion).toMatchObject({ when: 'crash', errorType: 'Runtime.TruncatedResponse' });
  }
});

test('an unhandled rejection ends the process, its stack is in the log', async () => {
  const name = await lambda.deploy(streaming(`Promise.reject(new Error('nobody waits')); await new Promise(() => {});`));
  expect((await lambda.run(name)).completion).toMatchObject({ when: 'crash' });
  expect(await lambda.logged('nobody waits')).toContain('stderr');
});

test.each([
  ['a module that throws', `throw new TypeError('at load');`, 'index.handler', 'TypeError'],
  ['a missing export', `exports.other = 1;`, 'index.handler', 'Runtime.HandlerNotFound'],
  ['a missing module', `require('nope');`, 'index.handler', 'Runtime.ImportModuleError'],
  ['a missing file', `exports.handler = 1;`, 'main.handler', 'Runtime.ImportModuleError'],
  ['a syntax error', `exports.handler = (`, 'index.handler', 'Runtime.UserCodeSyntaxError'],
  ['an ES module', `export const handler = 1;`, 'index.handler', 'Runtime.UserCodeSyntaxError'],
  ['a handler without dot', ``, 'index', 'Runtime.MalformedHandlerName'],
  [
    'a callback handler',
    `exports.handler = (event, context, callback) => callback();`,
    'index.handler',
    'Runtime.CallbackHandlerDeprecated',
  ],
  [
    'an ES module that is required',
    `const fs = require('node:fs');
     fs.writeFileSync('/tmp/required-by-a-test.mjs', 'export const x = 1;');
     require('/tmp/required-by-a-test.mjs');`,
    'index.handler',
    'Error',
  ],
])('%s fails the init', async (_what, code, handler, errorType) => {
  const name = await lambda.deploy(code, { Handler: handler });
  const answer = await lambda.run(name);
  expect(answer.completion).toMatchObject({ type: 'error', when: 'crash', errorType });
});

test('a timeout kills the environment, the next call is cold', async () => {
  await using own = await startLambda({ maxTimeoutMs: 250 });
  const name = await own.deploy(COUNTER, { Timeout: 900 });
  expect((await own.run(name)).chunks).toEqual(['1']);
  const answer = await own.run(name, { hold: true });
  expect(answer.completion).toMatchObject({
    when: 'timeout',
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 0\.25 seconds$/),
  });
  await waitUntilGone(Number(answer.chunks[0]));
  expect((await own.run(name)).chunks).toEqual(['1']);
});

test('an init that takes too long fails', async () => {
  await using own = await startLambda({ initTimeoutMs: 200 });
  const name = await own.deploy(`for (;;);`);
  expect((await own.run(name)).completion).toMatchObject({ when: 'timeout' });
});

test('the deadline is what context.getRemainingTimeInMillis counts to', async () => {
  const name = await lambda.deploy(streaming(`stream.end(String(context.getRemainingTimeInMillis()));`), { Timeout: 7 });
  const remaining = Number((await lambda.run(name)).chunks[0]);
  expect(remaining).toBeGreaterThan(0);
  expect(remaining).toBeLessThanOrEqual(7000);
});

test('the context tells who and where', async () => {
  const name = await lambda.deploy(streaming(`stream.end(JSON.stringify(context));`), {
    MemorySize: 256,
    LoggingConfig: { LogGroup: 'own-group' },
  });
  const { requestId, payload } = await lambda.invoke(name);
  let text = '';
  for await (const chunk of payload) text += chunk.toString();
  expect(JSON.parse(text)).toMatchObject({
    awsRequestId: requestId,
    functionName: name,
    functionVersion: '$LATEST',
    memoryLimitInMB: '256',
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
    logGroupName: 'own-group',
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
  });
});

test('the environment is what Lambda defines, what is configured, and the endpoint', async () => {
  process.env['AGENTSTREAM_TEST_LEAK'] = 'leak';
  const name = await lambda.deploy(streaming(`stream.end(JSON.stringify({ ...process.env, cwd: process.cwd() }));`), {
    Environment: { Variables: { AGENT_ARN: 'arn', TZ: 'Europe/Paris' } },
  });
  const env = JSON.parse((await lambda.run(name)).chunks.join('')) as Record<string, string>;
  delete process.env['AGENTSTREAM_TEST_LEAK'];
  expect(env).toEqual({
    AGENT_ARN: 'arn',
    AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: ENDPOINT_URL,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: expect.any(String),
    AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    AWS_REGION: 'eu-west-1',
    AWS_SECRET_ACCESS_KEY: lambda.iam.secretOf(env['AWS_ACCESS_KEY_ID'] ?? ''),
    AWS_SESSION_TOKEN: expect.any(String),
    LAMBDA_RUNTIME_DIR: expect.any(String),
    LAMBDA_TASK_ROOT: env['cwd'],
    LANG: 'en_US.UTF-8',
    PATH: expect.any(String),
    TZ: 'Europe/Paris',
    _HANDLER: 'index.handler',
    _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};/),
    cwd: expect.any(String),
  });
});

test('output is logged line by line', async () => {
  const name = await lambda.deploy(
    streaming(`process.stdout.write('half'); console.log(' line\\nnext'); console.error('bad'); stream.end();`),
  );
  await lambda.run(name);
  await lambda.logged(`${name} stderr: bad`);
  await lambda.logged(`${name} stdout: next`);
  expect(lambda.log.filter((line) => line.startsWith(`${name} stdout`))).toEqual([
    `${name} stdout: half line`,
    `${name} stdout: next`,
  ]);
});

test('an update ends idle environments and lets busy ones finish; the next call is cold', async () => {
  const name = await lambda.deploy(COUNTER);
  const busy = await hold(name);
  const idle = await hold(name);
  await idle.release();
  await lambda.update(name, COUNTER.replace('let calls = 0', 'let calls = 100'));
  await waitUntilGone(idle.pid);
  expect(isAlive(busy.pid)).toBe(true);
  expect(await busy.release()).toBe('1');
  await waitUntilGone(busy.pid);
  expect((await lambda.run(name)).chunks).toEqual(['101']);
});

test('an environment without work ends after its idle time', async () => {
  await using own = await startLambda({ environmentIdleMs: 50 });
  const name = await own.deploy(streaming(`stream.end(String(process.pid));`));
  const pid = Number((await own.run(name)).chunks[0]);
  await waitUntilGone(pid);
  expect(Number((await own.run(name)).chunks[0])).not.toBe(pid);
});

test('close ends running functions and what they started, and removes their code', async () => {
  const own = await startLambda();
  const name = await own.deploy(
    streaming(
      `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); stream.write(JSON.stringify([process.pid, child.pid, process.cwd()])); await new Promise(() => setInterval(() => {}, 1000));`,
    ),
  );
  const { payload, completion } = await own.invoke(name);
  const first = await payload[Symbol.asyncIterator]().next();
  const [pid, childPid, folder] = JSON.parse(String(first.value)) as [number, number, string];
  await own.close();
  expect(await completion).toMatchObject({ type: 'error', when: 'crash' });
  expect(isAlive(pid)).toBe(false);
  await waitUntilGone(childPid);
  expect(existsSync(folder)).toBe(false);
  await expect(own.invoke(name)).rejects.toThrow('the emulator is closing');
});
