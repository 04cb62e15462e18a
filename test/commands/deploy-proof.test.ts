import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { main } from '../../src/cli.ts';
import { AGENT_ARN } from '../helpers/chain.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { type CliResult, jsonLines, runCli } from '../helpers/run-cli.ts';
import { startStackWorld, type StackWorld } from '../helpers/stack-world.ts';

const DEPLOY = ['deploy', '--agent-arn', AGENT_ARN];
let world: StackWorld;
let holding: StackWorld;
beforeAll(async () => {
  world = await startStackWorld();
  // As users report of the managed runtime: a small write waits for the next one.
  holding = await startStackWorld({ lambda: { holdWritesBelowBytes: 16_384 } });
});
afterAll(async () => {
  await world.close();
  await holding.close();
});
beforeEach(() => world.reset());

const deploy = (on: StackWorld, ...args: string[]): Promise<CliResult> =>
  runCli([...DEPLOY, ...args], { env: on.env, proves: true });

test('a deploy ends with the proof that the endpoint streams, for people', async () => {
  const { exitCode, stdout, stderr } = await deploy(world);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/^http:\/\/\S+\/v1\n$/);
  expect(stderr).toMatch(/created stack agentstream .*\n +probe +status +headers/);
  expect(stderr).toMatch(/it streams: \d+ of (20|40) probes/);
  expect(stderr).toMatch(/the function starts in \d+(\.\d+)? m?s \(cold start\)/);
});

test('--json: every attempt and probe is a line, and the result holds the proof', async () => {
  const { exitCode, stdout } = await deploy(world, '--json');
  const lines = jsonLines(stdout);
  expect(exitCode).toBe(0);
  expect([20, 40]).toContain(lines.filter(({ type }) => type === 'proof-probe').length);
  expect(lines.at(-1)).toMatchObject({ type: 'result', ok: true, proof: { type: 'proved', verdict: 'streaming' } });
  // What has not changed is asked once.
  const again = jsonLines((await deploy(world, '--json')).stdout);
  expect(again.filter(({ type }) => type === 'proof-probe')).toHaveLength(1);
  expect(again.at(-1)).toMatchObject({ outcome: 'no-changes', proof: { type: 'proved', verdict: 'streaming' } });
});

test('where writes are held, it names the flush mode that cures it and sets nothing', async () => {
  const { exitCode, stderr } = await deploy(holding, '--flush-mode', 'off');
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain('it does not stream as it should');
  expect(stderr).toMatch(/agentstream deploy --region \S+ --flush-mode auto/);
  const status = await holding.run('status', '--json');
  expect(status.stdout).toContain('"FlushMode":"off"');
});

const REFUSING = `
declare const awslambda: any;
export const handler = awslambda.streamifyResponse(async (_event: unknown, stream: any) => {
  const response = awslambda.HttpResponseStream.from(stream, {
    statusCode: 400,
    headers: { 'content-type': 'application/json' },
  });
  response.write('{"error":"no, thank you","code":"INVALID_REQUEST"}');
  response.end();
});
`;

test('an endpoint that does not serve: exit 1, the stack stays, and what to do', async () => {
  const handler = join(world.stateFolder, 'refusing.ts');
  writeFileSync(handler, REFUSING);
  const { exitCode, stdout, stderr } = await deploy(world, '--handler', handler);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('created stack agentstream');
  expect(stderr).toContain('its endpoint does not serve: the endpoint answered 400: no, thank you');
  expect(stderr).toContain('agentstream doctor');
  expect(stdout).toBe('');
  expect(await world.status()).toBe('CREATE_COMPLETE');
  const json = await deploy(world, '--handler', handler, '--json');
  expect(json.exitCode).toBe(1);
  expect(jsonLines(json.stdout).at(-1)).toMatchObject({ ok: false, error: { code: 'NOT_SERVING' } });
});

test('Ctrl-C while it proves: the stack is complete, and that is said', async () => {
  const terminal = createMemoryTerminal({ env: world.env });
  const done = main(DEPLOY, terminal);
  await expect.poll(() => terminal.text.stderr, { timeout: 60_000 }).toContain('proving that the endpoint streams');
  terminal.interrupt();
  expect(await done).toBe(130);
  expect(terminal.text.stderr).toContain('the stack is complete, only its proof is not');
  expect(await world.status()).toBe('CREATE_COMPLETE');
});
