import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { AwsError, type EmulatorOptions } from '../../src/emulator/index.ts';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { SETTING_ROWS } from '../../src/stack/settings/settings.ts';
import { AGENT_ARN, type Chain, startChain } from '../helpers/chain.ts';
import { type EditedChainOptions, startEditedChain, withAccessLog } from '../helpers/edited-chain.ts';
import { type CliResult, jsonLines, runCli } from '../helpers/run-cli.ts';

let chain: Chain;
let refuseCall: EmulatorOptions['refuseCall'];

beforeAll(async () => {
  chain = await startEditedChain(createActingAgent(), {
    authMode: 'api-key',
    parameters: { QuotaPerDay: '500', FlushMode: '16384' },
    edit: withAccessLog,
    refuseCall: (call) => refuseCall?.(call),
  });
});
afterAll(() => chain.close());
afterEach(() => {
  refuseCall = undefined;
});

const status = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
  runCli(['status', '--stack-name', 'chain', ...args], { env: { ...chain.env, ...env } });

const resultOf = ({ stdout }: CliResult): Record<string, unknown> => jsonLines(stdout).at(-1) ?? {};

/** `status` of a chain of its own. */
async function statusOf(options: EditedChainOptions, args: readonly string[] = []) {
  const other = await startEditedChain(createActingAgent(), options);
  try {
    const command = ['status', '--stack-name', 'chain', ...args];
    return await runCli(command, { env: { ...other.env, FORCE_COLOR: '1' } });
  } finally {
    await other.close();
  }
}

test('shows how the stack is set, as the services have it', async () => {
  const { exitCode, stdout, stderr } = await status();
  expect([exitCode, stderr]).toEqual([0, '']);
  const rows = stdout.replaceAll(/ {2,}/g, ' ').split('\n');
  expect(rows).toEqual([
    'Stack chain in us-east-1',
    'Status CREATE_COMPLETE',
    `URL ${chain.url}`,
    'Endpoint REGIONAL: a stream may be silent for 300 s and last 15 min',
    'Integration STREAM, up to 15 min; read back from POST /invoke, DELETE /invoke, POST /probe',
    'Auth api-key',
    `Agent ${AGENT_ARN}`,
    'Qualifier DEFAULT',
    'Throttle 10/s, burst 20',
    'Quota 500 per day',
    'Heartbeat after 15 s of silence',
    'Flush mode every write padded to 16384 bytes',
    `Function ${chain.outputs['FunctionName']}`,
    expect.stringMatching(/^ nodejs24\.x arm64, 512 MB, up to 15 min, code [\d.]+ kB$/),
    `Logs ${chain.outputs['LogGroupName']}, kept 14 days; the stage writes an access log`,
    expect.stringMatching(/^Changed \d{4}-\d\d-\d\dT.*Z \(just now\)$/),
    'Drift none found',
    '',
  ]);
});

test('--url prints the URL alone', async () => {
  const { exitCode, stdout, stderr } = await status(['--url']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^http:\/\/\S+\/v1\n$/);
  expect(resultOf(await status(['--json']))['url']).toBe(stdout.trim());
});

test('a terminal gets lines that are broken between words, behind their names', async () => {
  const terminal = createMemoryTerminal({ env: chain.env, isTTY: true });
  const narrow = { ...terminal, stdout: { ...terminal.stdout, columns: 60 } };
  expect(await main(['status', '--stack-name', 'chain'], narrow)).toBe(0);
  const plain = stripVTControlCharacters(terminal.text.stdout);
  expect(plain).toMatch(/\nIntegration  STREAM, up to 15 min; read back from POST\n {13}\/invoke/);
  const long = plain.split('\n').filter((line) => line.length > 60);
  expect(long.filter((line) => line.trimEnd().split(/ +/).length > 2)).toEqual([]);
});

test('--json has all of it, and no secret', async () => {
  const key = (await status(['--show-key'])).stdout.trim();
  expect(key).toMatch(/^\w{20,}$/);
  const plain = await status(['--json']);
  expect(plain.stdout).not.toContain(key);
  // Variables of a function may be secrets.
  expect(plain.stdout).not.toContain('HEARTBEAT_MS');
  expect(resultOf(plain)).toMatchObject({
    ok: true,
    stackName: 'chain',
    region: 'us-east-1',
    status: 'CREATE_COMPLETE',
    url: chain.url,
    endpointType: 'REGIONAL',
    idleLimitMs: 300_000,
    streamLimitMs: 900_000,
    problems: [],
    drift: [],
    parameters: { HeartbeatMs: '15000', FlushMode: '16384' },
    outputs: { FunctionName: chain.outputs['FunctionName'] },
    live: {
      function: { type: 'known', value: { runtime: 'nodejs24.x', memoryMb: 512 } },
      plan: { type: 'known', value: { quota: { limit: 500, period: 'day' } } },
      integrations: {
        type: 'known',
        value: [
          { method: 'POST /invoke', exists: true, transferMode: 'STREAM', timeoutMs: 900_000 },
          { method: 'DELETE /invoke', exists: true },
          { method: 'POST /probe', exists: true },
        ],
      },
    },
  });
  expect(resultOf(await status(['--json', '--show-key']))['apiKey']).toBe(key);
});

test('knows a scale of time: limits are as the emulator keeps them', async () => {
  const { stdout } = await status([], { AGENTSTREAM_TIME_SCALE: '60' });
  expect(stdout).toContain('silent for 5 s and last 60 s (limits divided by 60 here)');
  expect(stdout).toContain('after 15 s of silence: too late, the idle limit is 5 s');
});

test('--local asks the emulator for its time scale, whatever the environment says', async () => {
  const other = await startChain(createActingAgent(), { timeScale: 20 });
  const env = { AGENTSTREAM_LOCAL: other.emulator.url, AGENTSTREAM_TIME_SCALE: '3' };
  const run = (...args: string[]) => runCli([...args, '--stack-name', 'chain'], { env });
  try {
    const { stdout: shown } = await run('status');
    expect(shown).toContain('a stream may be silent for 15 s and last 60 s (limits divided by 20 here)');
    const { stderr } = await run('invoke', '--stats', 'hi');
    expect(stderr).toMatch(/longest silence .* of 15 s /);
    const { stdout } = await run('bench', '--requests', '1', '--no-pilot', '--no-self-test', '--json');
    expect(jsonLines(stdout)[0]).toMatchObject({ report: { run: { hops: [{ idleLimitMs: 15_000 }] } } });
  } finally {
    await other.close();
  }
});

test('an integration that does not stream is said in red, with what to do', async () => {
  const { exitCode, stdout } = await statusOf({
    edit: (template) =>
      template
        .replaceAll('ResponseTransferMode: STREAM', 'ResponseTransferMode: BUFFERED')
        .replaceAll('TimeoutInMillis: 900000', 'TimeoutInMillis: 29000')
        .replace(
          '2021-11-15/functions/${Function.Arn}/response-streaming-invocations',
          '2015-03-31/functions/${Function.Arn}/invocations',
        ),
  });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('\u001B[31mdoes not stream correctly, see below');
  expect(stdout).toContain(
    '\u001B[31mwrong\u001B[39m: POST /invoke has the transfer mode BUFFERED: answers arrive whole, without streaming\n',
  );
  expect(stdout).toContain("POST /invoke does not call Lambda's streaming API (invocations)");
  expect(stdout).not.toContain("DELETE /invoke does not call Lambda's streaming API");
  expect(stdout).toMatch(/hint.*: .*`agentstream deploy --stack-name chain --region \S+`/);
});

test('a timeout that ends streams early, an edge endpoint, nobody kept out, no heartbeat', async () => {
  const { stdout } = await statusOf({
    parameters: { HeartbeatMs: '0' },
    edit: (template) =>
      template
        .replace('Types: [!Ref EndpointType]', 'Types: [EDGE]')
        .replace('TimeoutInMillis: 900000', 'TimeoutInMillis: 60000'),
  });
  expect(stdout).toContain('EDGE: a stream may be silent for 30 s and last 15 min');
  expect(stdout).toContain('POST /invoke ends streams after 60 s instead of 15 min');
  expect(stdout).toContain('\u001B[33mnone: anyone who knows the URL can call the agent');
  expect(stdout).toContain('\u001B[33moff: a silence of the agent can exceed the idle limit');
});

test('settings that were changed behind the stack', async () => {
  const edit = (template: string): string =>
    template
      .replace('MemorySize: !Ref MemorySize', 'MemorySize: 256')
      .replace('HEARTBEAT_MS: !Ref HeartbeatMs', "HEARTBEAT_MS: '1'")
      .replace('ThrottlingRateLimit: !Ref RateLimit', 'ThrottlingRateLimit: 5');
  const { stdout } = await statusOf({ edit }, ['--json']);
  expect(jsonLines(stdout).at(-1)?.['drift']).toEqual([
    { what: 'rate limit of the stage', stack: '10', live: '5' },
    { what: 'heartbeat of the function (ms)', stack: '15000', live: '1' },
    { what: 'memory of the function (MB)', stack: '512', live: '256' },
  ]);
  const { stdout: text } = await statusOf({ edit });
  expect(text).toContain(
    '\u001B[33mchanged outside the stack: rate limit of the stage is 5, the stack says 10; heartbeat of the function (ms)',
  );
});

test('what may not be read is not known; the rest is there', async () => {
  const words = 'User: arn:aws:iam::123456789012:user/me is not authorized to perform: x';
  refuseCall = ({ service }) => (service === 'lambda' ? new AwsError('AccessDeniedException', 403, words) : undefined);
  const denied = await status();
  expect(denied.exitCode).toBe(0);
  expect(denied.stdout).toMatch(/^ +unknown: no permission$/m);
  expect(denied.stdout).toContain('Integration  STREAM');
  refuseCall = ({ service }) => (service === 'apigateway' ? new AwsError('BadRequestException', 400, words) : undefined);
  const broken = await status();
  expect(broken.stdout).toContain('Integration  unknown: User: user/me is not authorized');
  expect(broken.stdout).toContain('Endpoint     REGIONAL');
});

test('no key, no stack', async () => {
  const none = await statusOf({}, ['--show-key', '--json']);
  expect(none.exitCode).toBe(1);
  expect(jsonLines(none.stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'NO_API_KEY' } });
  expect(none.stderr).toContain('the stack chain has no API key (auth: none)');
  const missing = await runCli(['status', '--stack-name', 'other'], { env: chain.env });
  expect(missing.exitCode).toBe(1);
  expect(missing.stderr).toContain('there is no stack other in us-east-1');
});

test('--json has every setting, those with a default that the template leaves out as well', async () => {
  const other = await startChain(createActingAgent());
  try {
    const { parameters } = resultOf(await runCli(['status', '--stack-name', 'chain', '--json'], { env: other.env }));
    expect(Object.keys(parameters as object).toSorted()).toEqual(SETTING_ROWS.map(([name]) => name).toSorted());
    expect(parameters).toMatchObject({ AuthMode: 'none', WafRateLimit: '1000', DomainName: '' });
  } finally {
    await other.close();
  }
});
