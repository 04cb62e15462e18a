import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { type Agent, AwsError, type EmulatorOptions, parseFault } from '../../src/emulator/index.ts';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { AGENT_ARN, type Chain } from '../helpers/chain.ts';
import { type EditedChainOptions, startEditedChain } from '../helpers/edited-chain.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { jsonLines, runCli } from '../helpers/run-cli.ts';

interface CheckLine {
  readonly group: string;
  readonly name: string;
  readonly status: string;
  readonly text: string;
  readonly hint?: string;
}

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function start(options: EditedChainOptions = {}, runtime: NonNullable<Agent['runtime']> = {}): Promise<Chain> {
  const chain = await startEditedChain({ ...createActingAgent(), runtime }, { authMode: 'api-key', ...options });
  cleanUps.push(() => chain.close());
  return chain;
}

/** `doctor --json` of a chain. */
async function examine(chain: Pick<Chain, 'env'>, args: readonly string[] = []) {
  const command = ['doctor', '--stack-name', 'chain', '--json', ...args];
  const { exitCode, stdout } = await runCli(command, { env: chain.env });
  const lines = jsonLines(stdout);
  const checks = lines.filter(({ type }) => type === 'check') as unknown as CheckLine[];
  return {
    exitCode,
    checks,
    result: lines.at(-1),
    of: (name: string): CheckLine | undefined => checks.find((check) => check.name === name),
    names: (status: string): string[] => checks.filter((check) => check.status === status).map(({ name }) => name),
  };
}

test('a stack that is well: every group, in order, and exit 0', async () => {
  const chain = await start();
  const { exitCode, checks, result } = await examine(chain);
  expect(checks.map(({ group, name, status }) => `${group} ${name} ${status}`)).toEqual([
    'machine node ok',
    'machine build ok',
    'account region ok',
    'account credentials ok',
    'account cloudformation ok',
    'account clock ok',
    'account access-log-role note',
    'account concurrency ok',
    'stack state ok',
    'stack integration ok',
    'stack function ok',
    'stack endpoint-type ok',
    'agent agent-runtime ok',
    'endpoint serves ok',
    'endpoint streams ok',
  ]);
  expect(exitCode).toBe(0);
  expect(result).toEqual({ type: 'result', version: 1, ok: true, checks: 15, failed: 0, warnings: 0 });
  expect(JSON.stringify(checks)).not.toMatch(/arn:aws|000000000000/);
});

test('before the first deploy: nothing fails, the agent is checked when it is given', async () => {
  const chain = await start();
  const other = ['--stack-name', 'other'];
  const without = await examine(chain, other);
  expect(without.exitCode).toBe(0);
  expect(without.of('state')).toMatchObject({ status: 'note', hint: expect.stringContaining('deploy') });
  expect(without.of('agent-runtime')?.status).toBe('note');
  const given = await examine(chain, [...other, '--agent-arn', AGENT_ARN]);
  expect(given.of('agent-runtime')?.status).toBe('ok');
  const wrong = await examine(chain, [...other, '--agent-arn', 'my-agent']);
  expect(wrong.exitCode).toBe(1);
  expect(wrong.of('agent-runtime')).toMatchObject({ status: 'failed', text: 'not the ARN of an AgentCore runtime: my-agent' });
});

test('for people: groups, and a fix under what fails', async () => {
  const chain = await start({ authMode: 'none' }, { status: 'CREATE_FAILED' });
  const { exitCode, stdout, stderr } = await runCli(['doctor', '--stack-name', 'chain'], { env: chain.env });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^This machine\n {2}ok {7}Node\.js \d/);
  expect(stdout).toMatch(/\n\nThe AWS account\n/);
  expect(stdout).toMatch(
    /warning {2}anyone who knows the URL .*\n {11}fix: agentstream deploy --stack-name chain --region us-east-1 --auth api-key\n/,
  );
  expect(stdout).toMatch(/failed {3}the agent test_agent-0123456789 is CREATE_FAILED\n {11}fix: wait/);
  expect(stderr).toBe('error: 1 of 16 checks failed\n');
});

test.each([
  ['speaks MCP', { serverProtocol: 'MCP' }],
  ['takes JWT tokens only', { customJWTAuthorizer: { discoveryUrl: 'https://x' } }],
  ['does not require MMDSv2', { requireMMDSV2: false }],
])('an agent that the function cannot call: %s', async (words, runtime) => {
  const chain = await start({}, runtime);
  // Without a stack there is no endpoint that takes its time.
  const args = ['--stack-name', 'other', '--agent-arn', AGENT_ARN];
  const { exitCode, of, names } = await examine(chain, args);
  expect(exitCode).toBe(1);
  expect(of('agent-runtime')?.text).toContain(words);
  expect(names('failed')).toEqual(['agent-runtime']);
});

test('integrations that do not stream fail, and so does what the probe sees of them', async () => {
  const chain = await start({
    edit: (template) =>
      template
        .replaceAll('ResponseTransferMode: STREAM', 'ResponseTransferMode: BUFFERED')
        .replaceAll('TimeoutInMillis: 900000', 'TimeoutInMillis: 29000'),
  });
  const { names, of, result } = await examine(chain);
  expect(names('failed')).toEqual(['integration', 'serves']);
  expect(result).toMatchObject({ ok: false, failed: 2, error: { code: 'CHECKS_FAILED' } });
  expect(of('integration')?.text).toContain('POST /invoke has the transfer mode BUFFERED');
  expect(of('serves')).toMatchObject({ hint: expect.stringContaining('agentstream logs') });
});

test('writes that are held fail with the flush mode that cures it', async () => {
  const chain = await start({ parameters: { FlushMode: 'off' }, lambda: { holdWritesBelowBytes: 16_384 } });
  expect((await examine(chain)).of('streams')).toMatchObject({
    status: 'failed',
    text: expect.stringContaining('late first flush'),
    hint: 'agentstream deploy --stack-name chain --region us-east-1 --flush-mode auto',
  });
});

test('probes that fail, of an endpoint that serves, lead to the logs', async () => {
  // A probe of one event has three writes, the prelude with them.
  const chain = await start({ parameters: { FlushMode: 'off' }, faults: [parseFault('crash:5')] });
  const { names, of } = await examine(chain);
  expect(names('failed')).toEqual(['streams']);
  expect(of('streams')).toMatchObject({
    text: expect.stringMatching(/^no probe ended well: the stream broke off/),
    hint: 'look into its logs: agentstream logs --stack-name chain --region us-east-1',
  });
});

test('settings that are worth a second look are warnings, and exit 0', async () => {
  const chain = await start({
    parameters: { HeartbeatMs: '0' },
    lambda: { concurrentExecutions: 10 },
    edit: (template) =>
      template.replace('Types: [!Ref EndpointType]', 'Types: [EDGE]').replace('MemorySize: !Ref MemorySize', 'MemorySize: 256'),
  });
  const { exitCode, names, of } = await examine(chain);
  expect(exitCode).toBe(0);
  expect(names('warning')).toEqual(['concurrency', 'endpoint-type', 'heartbeat', 'drift']);
  expect(of('concurrency')?.text).toMatch(/^10 streams can be open at once.*lets 20 in at once$/);
});

test('what may not be asked is a note', { timeout: 60_000 }, async () => {
  const refused: EmulatorOptions['refuseCall'] = ({ service, action }) =>
    service === 'cloudformation' || action.includes('apikeys')
      ? undefined
      : new AwsError('AccessDeniedException', 403, 'User: arn:aws:iam::123456789012:user/me may not');
  let refuseCall: EmulatorOptions['refuseCall'];
  const chain = await start({ refuseCall: (call) => refuseCall?.(call) });
  refuseCall = refused;
  const { exitCode, names, checks } = await examine(chain);
  expect(exitCode).toBe(0);
  expect(names('note')).toEqual(['access-log-role', 'concurrency', 'integration', 'function', 'agent-runtime']);
  expect(JSON.stringify(checks)).not.toContain('123456789012');
});

test('without a way to AWS the rest is left out', async () => {
  const chain = await start();
  await chain.emulator.close();
  cleanUps.length = 0;
  const { exitCode, checks, of } = await examine(chain);
  expect(exitCode).toBe(1);
  expect(of('cloudformation')).toMatchObject({
    status: 'failed',
    text: expect.stringMatching(/no connection/),
    hint: 'start the emulator: agentstream dev',
  });
  expect(checks.at(-1)?.name).toBe('clock');
});

test('a key that AWS does not take', async () => {
  const chain = await start();
  const env = { ...chain.env, AWS_SECRET_ACCESS_KEY: 'wrong' };
  const { exitCode, of } = await examine({ env });
  expect(exitCode).toBe(1);
  expect(of('cloudformation')).toMatchObject({ status: 'failed', text: expect.stringContaining('signature') });
});

test('a clock that is wrong shows against the answers of AWS', async () => {
  const chain = await start();
  const behind = await startDateProxy(chain.emulator.port, 10 * 60_000);
  cleanUps.push(() => behind.close());
  const { port } = behind.address() as AddressInfo;
  const env = { ...chain.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  expect((await examine({ env })).of('clock')).toMatchObject({
    status: 'failed',
    text: 'the clock of this machine is 10 min behind AWS: signatures are refused',
    hint: 'set the clock by NTP',
  });
});

test('Ctrl-C ends it', async () => {
  const chain = await start();
  const terminal = createMemoryTerminal({ env: chain.env });
  const exit = main(['doctor', '--stack-name', 'chain'], terminal);
  await expect.poll(() => terminal.text.stdout, { timeout: 60_000 }).toContain('The agent');
  terminal.interrupt();
  expect(await exit).toBe(130);
});

/** The emulator behind a clock that goes ahead of ours. */
async function startDateProxy(to: number, aheadMs: number): Promise<Server> {
  const server = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: to, method, path: url, headers }, (answer) => {
      const date = new Date(Date.now() + aheadMs).toUTCString();
      response.writeHead(answer.statusCode ?? 500, { ...answer.headers, date });
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('without any Region it checks where the agent is, as deploy does', async () => {
  const chain = await start();
  const { AWS_REGION: _, ...env } = chain.env;
  const arn = AGENT_ARN.replace('us-east-1', 'us-west-2');
  const { of } = await examine({ env }, ['--agent-arn', arn]);
  expect(of('region')).toMatchObject({ status: 'ok', text: 'the Region is us-west-2' });
});
