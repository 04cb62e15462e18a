import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { type ActingAgent, createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, REGION, startChain } from '../helpers/chain.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { type CliResult, jsonLines, runCli } from '../helpers/run-cli.ts';

const POOL = `arn:aws:cognito-idp:${REGION}:000000000000:userpool/${REGION}_Test00001`;
const OTHER_POOL = `arn:aws:cognito-idp:${REGION}:000000000000:userpool/${REGION}_Test00002`;

let agent: ActingAgent;
let folder: string;
beforeAll(() => {
  agent = createActingAgent({ endpoints: ['prod'] });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-auth-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = ({ env }: Chain, args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
  runCli([...args], { env: { ...env, XDG_STATE_HOME: folder, ...more } });

describe('a user pool', () => {
  let chain: Chain;
  let good: string;
  beforeAll(async () => {
    chain = await startChain(agent, {
      userPools: [POOL, OTHER_POOL],
      parameters: { AuthMode: 'cognito', UserPoolArn: POOL, AuthScopes: 'agent/use' },
    });
    good = await token({});
  });
  afterAll(() => chain?.close());

  const token = (claims: Record<string, unknown>, pool = POOL): Promise<string> =>
    chain.emulator.issueToken(pool, { sub: 'ada', scope: 'agent/use', ...claims });
  const invoke = (args: readonly string[] = [], env: Record<string, string> = {}) =>
    run(chain, ['invoke', '--stack-name', 'chain', ...args, 'hi'], env);
  /** A command that prints these, one each time it is asked, and then the last again. */
  const printing = (...tokens: readonly string[]): string => {
    const script = join(folder, 'tokens.mjs');
    const left = join(folder, 'left.json');
    writeFileSync(left, JSON.stringify(tokens));
    writeFileSync(
      script,
      `import { readFileSync, writeFileSync } from 'node:fs';
const tokens = JSON.parse(readFileSync(${JSON.stringify(left)}, 'utf8'));
console.log(tokens[0]);
if (tokens.length > 1) writeFileSync(${JSON.stringify(left)}, JSON.stringify(tokens.slice(1)));
`,
    );
    return `'${process.execPath}' '${script}'`;
  };

  test('without a token the command says what to give, and asks nobody', async () => {
    const result = await invoke(['--json']);
    expect(result.exitCode).toBe(2);
    expect(jsonLines(result.stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'MISSING_TOKEN' } });
    expect(result.stderr).toContain('lets callers in by a user pool, and there is no token');
    expect(result.stderr).toMatch(/--token-command CMD, AGENTSTREAM_TOKEN or --token/);
  });

  test('lets a token in from the flag, the environment or a command', async () => {
    for (const result of [
      await invoke(['--token', good]),
      await invoke([], { AGENTSTREAM_TOKEN: good }),
      await invoke(['--token-command', printing(good)]),
      await run(chain, ['invoke', '--url', chain.url, '--token', good, 'hi']),
    ]) {
      expect(result).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    }
  });

  test('a flag wins over the environment', async () => {
    const env = { AGENTSTREAM_TOKEN: 'wrong' };
    expect((await invoke(['--token', good], env)).exitCode).toBe(0);
    expect((await invoke(['--token-command', printing(good)], env)).exitCode).toBe(0);
  });

  test.each([
    ['expired', { exp: 1_000_000_000 }, POOL],
    ['without the scope', { scope: 'other/use' }, POOL],
    ['of another pool', {}, OTHER_POOL],
  ] as const)('a token %s is refused, and explained', async (_name, claims, pool) => {
    const bad = await token(claims, pool);
    const result = await invoke(['--token', bad]);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/the endpoint answered 40[13]/);
    expect(result.stderr).toContain('hint: ');
    expect(result.stderr).not.toContain(bad);
  });

  test('a refused token is asked for again, once', async () => {
    const other = await token({}, OTHER_POOL);
    expect(await invoke(['--token-command', printing(other, good)])).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    expect((await invoke(['--token-command', printing(other, 'b', good)])).exitCode).toBe(1);
  });

  test.each([
    [['--token', 'a', '--token-command', 'b'], '--token and --token-command'],
    [['--sigv4', '--token', 'a'], '--sigv4 signs'],
    [['--sigv4', '--api-key', 'a'], '--sigv4 signs'],
  ])('%j is refused', async (args, message) => {
    const result = await invoke(args);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(message);
  });

  test('a bench has threads that ask for themselves; no token gets into what it writes', async () => {
    const files = ['--html', 'r.html', '--markdown', 'r.md', '--ndjson', 'r.ndjson'];
    const result = await run(chain, [
      'bench',
      '--stack-name',
      'chain',
      '--requests',
      '4',
      '--workers',
      '2',
      '--max-lag',
      '1h',
      '--json',
      '--token-command',
      printing(good),
      ...files.map((text) => (text.startsWith('--') ? text : join(folder, text))),
    ]);
    expect(result.stderr).not.toContain('error:');
    expect(result.exitCode).toBe(0);
    const record = join(folder, 'turn.ndjson');
    const turn = await invoke(['--token', good, '--record', record, '--stats']);
    const written = [record, ...['r.html', 'r.md', 'r.ndjson'].map((name) => join(folder, name))];
    const texts = written.map((path) => readFileSync(path, 'utf8'));
    const everything = [result.stdout, result.stderr, turn.stdout, turn.stderr, ...texts];
    expect(texts).not.toContain('');
    expect(everything.filter((text) => text.includes(good))).toEqual([]);
  });

  test('a test for Artillery is exported without a token, and wants one when it runs', async () => {
    const load = join(folder, 'load');
    const args = ['bench', 'export', 'artillery', load, '--stack-name', 'chain'];
    const result = await run(chain, args, { AGENTSTREAM_TOKEN: good });
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain('set AGENTSTREAM_TOKEN');
    const texts = readdirSync(load).map((name) => readFileSync(join(load, name), 'utf8'));
    expect(texts.filter((text) => text.includes(good))).toEqual([]);
    expect(texts.some((text) => text.includes('export AGENTSTREAM_TOKEN='))).toBe(true);
    expect((await run(chain, [...args, '--force'])).exitCode).toBe(0);
  });

  test('doctor tries the endpoint with a token, and says when it has none', async () => {
    const doctor = (env: Record<string, string> = {}) => run(chain, ['doctor', '--stack-name', 'chain'], env);
    expect((await doctor()).stdout).toContain('the endpoint was not tried');
    expect((await doctor({ AGENTSTREAM_TOKEN: good })).stdout).toContain('the endpoint serves');
  });

  test('every hop works: below the gateway nobody wants a token', async () => {
    for (const hop of ['lambda', 'agentcore']) {
      expect(await invoke(['--hop', hop])).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    }
  });
});

describe('signatures', () => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain(agent, { parameters: { AuthMode: 'iam', SessionScope: 'caller', UserIdFrom: 'principal' } });
  });
  afterAll(() => chain?.close());

  test('a stack is signed for by itself, a URL with --sigv4', async () => {
    const byStack = await run(chain, ['invoke', '--stack-name', 'chain', 'signed']);
    expect(byStack).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    const { sessionId, headers } = agent.invocations.at(-1) ?? {};
    expect(sessionId).toMatch(/^[0-9a-f]{64}$/);
    expect(headers?.['x-amzn-bedrock-agentcore-runtime-user-id']).toMatch(/^arn:aws:/);
    const byUrl = await run(chain, ['invoke', '--url', chain.url, '--sigv4', 'signed']);
    expect(byUrl).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    const unsigned = await run(chain, ['invoke', '--url', chain.url, 'unsigned']);
    expect(unsigned.exitCode).toBe(1);
    expect(unsigned.stderr).toContain('--sigv4');
  });

  test('Ctrl-C stops a turn on the endpoint that it went to, with a query that is signed too', async () => {
    agent.on('signed and endless', { acts: [{ write: 'data: "so far"\n\n' }, { wait: new Promise(() => undefined) }] });
    const terminal = createMemoryTerminal({ env: { ...chain.env, XDG_STATE_HOME: folder } });
    const args = ['invoke', '--stack-name', 'chain', '--qualifier', 'prod', 'signed and endless'];
    const done = main(args, terminal);
    await expect.poll(() => terminal.text.stdout).toBe('so far');
    terminal.interrupt();
    expect(await done).toBe(130);
    await expect.poll(() => agent.stopped).toContain('signed and endless');
  });

  test('the hop lambda names a caller of its own where the function wants one', async () => {
    const args = ['invoke', '--stack-name', 'chain', '--hop', 'lambda', 'below'];
    expect(await run(chain, args)).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    const { headers, sessionId } = agent.invocations.at(-1) ?? {};
    expect(headers?.['x-amzn-bedrock-agentcore-runtime-user-id']).toBe('agentstream-hop-lambda');
    expect(sessionId).toMatch(/^[0-9a-f]{64}$/);
  });
});

test.each([
  ['EDGE', {}, 'of 30 s'],
  ['PRIVATE', { VpcEndpointIds: 'vpce-0123456789abcdef0' }, 'of 300 s'],
] as const)('%s: reached, and with its own idle limit', async (type, more, limit) => {
  const chain = await startChain(agent, { parameters: { EndpointType: type, ...more } });
  try {
    const result = await run(chain, ['invoke', '--stack-name', 'chain', '--stats', 'hi']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    expect(result.stderr).toContain(limit);
  } finally {
    await chain.close();
  }
});

test('a custom domain is the way in, with its base path', async () => {
  const parameters = {
    DomainName: 'agent.example.com',
    CertificateArn: `arn:aws:acm:${REGION}:000000000000:certificate/0`,
    BasePath: 'v2',
  };
  const chain = await startChain(agent, { parameters });
  try {
    const { stdout } = await run(chain, ['openapi', '--stack-name', 'chain']);
    const { servers } = JSON.parse(stdout) as { servers: [{ url: string }] };
    expect(servers[0].url).toBe(`${chain.emulator.url}/_aws/domain/agent.example.com/v2`);
    const result = await run(chain, ['invoke', '--stack-name', 'chain', 'hi']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    const request = chain.events.findLast(({ type }) => type === 'endpoint-request');
    expect(request).toMatchObject({ status: 200 });
  } finally {
    await chain.close();
  }
});
