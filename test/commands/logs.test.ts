import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AwsError } from '../../src/emulator/index.ts';
import { main } from '../../src/cli.ts';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { startEditedChain, withAccessLog } from '../helpers/edited-chain.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { send } from '../helpers/post.ts';
import { type CliResult, jsonLines, runCli } from '../helpers/run-cli.ts';

const SECRET = 'the-prompt-that-no-log-may-hold';

const agent = createActingAgent();
let chain: Chain;
let refusal: AwsError | undefined;

beforeAll(async () => {
  chain = await startEditedChain(agent, {
    edit: withAccessLog,
    // Small, so that a few events need many pages.
    logs: { pageEvents: 2 },
    refuseCall: ({ action }) => (action === 'FilterLogEvents' ? refusal : undefined),
  });
  await send('POST', `${chain.url}/invoke`, { prompt: SECRET });
  await send('POST', `${chain.url}/invoke`, { prompt: SECRET, session_id: 'short' });
  await send('POST', `${chain.url}/nowhere`, {});
});
afterAll(() => chain.close());
beforeEach(() => {
  refusal = undefined;
});

const logs = (...args: string[]): Promise<CliResult> => runCli(['logs', '--stack-name', 'chain', ...args], { env: chain.env });

test('shows what the function and the API logged, in the order of time, with the timing of each stream', async () => {
  const { exitCode, stdout, stderr } = await logs();
  expect(exitCode).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  const times = lines.map((line) => line.slice(0, 24));
  expect(times).toEqual([...times].sort());
  expect(times[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const ms = '+[\\d.]+ m?s';
  expect(stdout).toMatch(
    new RegExp(`access   200 POST /v1/invoke +STREAMED  headers ${ms}  first ${ms}  end ${ms} +\\d+ B  [0-9a-f]{8}\n`),
  );
  expect(stdout).toMatch(/access {3}400 POST \/v1\/invoke/);
  // Nothing was called for a path that does not exist.
  expect(stdout).toMatch(/access {3}403 POST \/v1\/nowhere +headers +- {2}first +- {2}end +- /);
  expect(stdout).toMatch(/function ran [\d.]+ m?s · billed [\d.]+ m?s · cold start [\d.]+ m?s · 512 MB {2}[0-9a-f]{8}\n/);
  expect(stdout).not.toMatch(/START|END RequestId/);
  expect(stderr).toContain('logs of chain since 10m: function chain-FunctionLogGroup');
});

test('--json has every event with what was read out of it, and no prompt', async () => {
  const { stdout } = await logs('--json');
  expect(stdout).not.toContain(SECRET);
  const lines = jsonLines(stdout);
  expect(lines.at(-1)).toEqual({ type: 'result', version: 1, ok: true, events: lines.length - 1 });
  const [first] = lines;
  expect(first).toMatchObject({
    type: 'log',
    version: 1,
    source: 'function',
    group: chain.outputs['LogGroupName'],
    message: expect.stringMatching(/^START RequestId: .*\$LATEST$/),
    function: { type: 'start' },
  });
  const access = lines.find((line) => line['source'] === 'access');
  expect(access?.['access']).toEqual({
    requestId: expect.any(String),
    method: 'POST',
    path: '/v1/invoke',
    status: 200,
    transferMode: 'STREAMED',
    headersMs: expect.any(Number),
    firstContentMs: expect.any(Number),
    endMs: expect.any(Number),
    bytes: expect.any(Number),
  });
});

test('--source takes one of the two; --since reaches no further back than it says', async () => {
  const access = jsonLines((await logs('--json', '--source', 'access')).stdout).slice(0, -1);
  expect(access.map((line) => line['source'])).toEqual(['access', 'access', 'access']);
  const future = new Date(Date.now() + 60_000).toISOString();
  const none = await logs('--since', future);
  expect(none).toMatchObject({ exitCode: 0, stdout: '' });
  expect(none.stderr).toContain(`no events since ${future}`);
  const wrong = await logs('--since', 'yesterday');
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toMatch(/--since does not understand yesterday\nhint: .*10m/);
});

test('clear words for a group that is gone, for throttling and for a missing permission', async () => {
  refusal = new AwsError('ResourceNotFoundException', 400, 'The specified log group does not exist.');
  const gone = await logs('--json');
  expect(gone.exitCode).toBe(1);
  expect(jsonLines(gone.stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'LOG_GROUP_MISSING' } });
  expect(gone.stderr).toMatch(/error: the \w+ log group does not exist: chain-.*\nhint: /);

  refusal = new AwsError('ThrottlingException', 400, 'Rate exceeded');
  const throttled = await logs('--json');
  expect(throttled.exitCode).toBe(1);
  expect(throttled.stderr).toContain('CloudWatch Logs throttles requests');
  expect(jsonLines(throttled.stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'LOGS_THROTTLED' } });

  refusal = new AwsError(
    'AccessDeniedException',
    400,
    'User: arn:aws:iam::000000000000:user/me is not authorized to perform: logs:FilterLogEvents',
  );
  const denied = await logs('--json');
  expect(jsonLines(denied.stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'LOGS_DENIED' } });
  expect(denied.stderr).toMatch(/no permission to read the log group .*\nhint: .*logs:FilterLogEvents/);
  expect(denied.stderr).not.toContain('arn:aws');
});

test('--follow goes on with what comes, also past throttling, and Ctrl-C ends it well', async () => {
  const terminal = createMemoryTerminal({ env: chain.env });
  const args = ['logs', '--stack-name', 'chain', '--follow', '--json', '--source', 'access'];
  const exit = main(args, terminal);
  const count = (): number => jsonLines(terminal.text.stdout).length;
  await expect.poll(count, { timeout: 60_000 }).toBe(3);
  refusal = new AwsError('ThrottlingException', 400, 'Rate exceeded');
  await expect.poll(() => terminal.text.stderr, { timeout: 60_000 }).toMatch(/asking again in/);
  refusal = undefined;
  await send('POST', `${chain.url}/elsewhere`, {});
  await expect.poll(count, { timeout: 60_000 }).toBe(4);
  terminal.interrupt();
  expect(await exit).toBe(0);
  const lines = jsonLines(terminal.text.stdout);
  expect(lines[3]).toMatchObject({ access: { path: '/v1/elsewhere', status: 403 } });
  expect(lines.at(-1)).toMatchObject({ type: 'result', ok: true, events: 4 });
});

test('a stage that logs to Firehose: the function alone, and where the rest is', async () => {
  const stream = 'arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-logs';
  const edit = (template: string): string => withAccessLog(template).replace('!GetAtt OtherLogGroup.Arn', stream);
  const other = await startEditedChain(createActingAgent(), { edit });
  try {
    const { stderr } = await runCli(['logs', '--stack-name', 'chain'], { env: other.env });
    expect(stderr).toContain('the access logs go to Firehose: read them there');
  } finally {
    await other.close();
  }
});

test('a stack whose stage has no access log shows the function alone, and says so', async () => {
  const plain = await startChain(createActingAgent());
  try {
    await send('POST', `${plain.url}/probe`, { count: 1 });
    const options = { env: plain.env };
    const both = await runCli(['logs', '--stack-name', 'chain'], options);
    expect(both).toMatchObject({ exitCode: 0 });
    expect(both.stdout).toMatch(/function ran /);
    expect(both.stderr).toContain('the stage writes no access log');
    const args = ['logs', '--stack-name', 'chain', '--source', 'access', '--json'];
    const access = await runCli(args, options);
    expect(access.exitCode).toBe(1);
    expect(jsonLines(access.stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'NO_LOG_GROUP' } });
    expect(access.stderr).toMatch(/has no access logs: the stage writes no access log\nhint: /);
  } finally {
    await plain.close();
  }
});

test('each failed turn is one line of the function: red for people, with members for programs, without prompt and ARN', async () => {
  agent.on(`${SECRET} fails`, { status: 500, acts: [] });
  agent.on(`${SECRET} dies`, { acts: [{ write: 'data: "half"\n\n' }, { die: true }] });
  const sessionId = 'f'.repeat(40);
  for (const prompt of [`${SECRET} fails`, `${SECRET} dies`]) {
    await send('POST', `${chain.url}/invoke`, { prompt, session_id: sessionId });
  }
  const { stdout } = await logs('--source', 'function', '--json');
  const failures = jsonLines(stdout).filter((line) => line['message']?.toString().startsWith('{'));
  for (const { message } of failures) expect(message).not.toMatch(/arn:|that-no-log-may-hold/);
  const read = failures.map((line) => line['function'] as Record<string, unknown>);
  expect(read.slice(-2)).toEqual([
    {
      type: 'failure',
      code: 'AGENT_ERROR',
      message: 'the agent failed to handle the request (it answered 500)',
      durationMs: expect.any(Number),
      sessionId,
      requestId: expect.any(String),
      upstreamStatus: '424',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
    expect.objectContaining({ type: 'failure', code: 'STREAM_INTERRUPTED', sessionId }),
  ]);
  const coloured = await runCli(['logs', '--stack-name', 'chain'], { env: { ...chain.env, FORCE_COLOR: '1' } });
  const red = coloured.stdout.split('\u001B[31m').map((part) => part.split('\u001B')[0]);
  const words =
    /^AGENT_ERROR the agent failed .* · AgentCore 424 · after [\d.]+ m?s · session ffffffff · AWS request [0-9a-f-]{36}$/;
  expect(red).toContainEqual(expect.stringMatching(words));
});

test('probes that went well are counted, and shown on request; one that failed is shown', async () => {
  await send('POST', `${chain.url}/probe`, { count: 1 });
  await send('POST', `${chain.url}/probe`, { count: 0 });
  const access = await logs('--source', 'access');
  expect(access.stdout).not.toMatch(/200 POST \/v1\/probe/);
  expect(access.stdout).toMatch(/400 POST \/v1\/probe/);
  expect(access.stderr).toContain('1 probe left out; --probes shows them\n');
  const all = await logs('--source', 'access', '--probes');
  expect(all.stdout).toMatch(/200 POST \/v1\/probe/);
  expect(all.stderr).not.toContain('left out');
});
