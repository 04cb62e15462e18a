import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/index.ts';
import { AGENT_ARN, awsEnvironment } from '../helpers/chain.ts';
import { spawnNode } from '../helpers/spawned.ts';
import { reportLines } from './report.ts';
import { answer } from './run.ts';
import { SETUPS } from './rows/setups.ts';
import { createTellingAgent } from './telling-agent.ts';
import { openEmulator } from './world.ts';

// The whole run against the emulator is a step of .ci/run; here is what it does when things go otherwise.

const SCRIPT = 'scripts/test-account.js';
const BY_ROLE = SETUPS.filter(({ title }) => title.includes('by a role'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-account-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('in an account: nothing is made before somebody agrees, or beyond the budget', { timeout: 60_000 }, async () => {
  const emulator = await startEmulator({ agents: new Map([[AGENT_ARN, createTellingAgent()]]) });
  try {
    const run = (...args: string[]) => spawnNode([SCRIPT, '--agent-arn', AGENT_ARN, ...args], awsEnvironment(emulator));
    const unasked = run();
    expect(await unasked.exit).toBe(2);
    expect(unasked.text.stderr).toContain('In account 000000000000, us-east-1, this run creates, and deletes at the end:');
    expect(unasked.text.stderr).toContain('Left out       no VPC endpoint: --vpc-endpoint-id');
    expect(unasked.text.stderr).toContain('give --yes to agree without a terminal');
    const dear = run('--yes', '--budget', '0.1');
    expect(await dear.exit).toBe(2);
    expect(dear.text.stderr).toContain('that is more than --budget 0.1');
    expect(Object.values(emulator.inventory()).flat()).toEqual([]);
  } finally {
    await emulator.close();
  }
});

test(
  'in an account: a role with the printed policies alone; what is not named prints why; all is gone',
  { timeout: 240_000 },
  async () => {
    const emulator = await startEmulator({
      agents: new Map([[AGENT_ARN, createTellingAgent()]]),
      apiGateway: { deleteRestApiIntervalMs: 0 },
    });
    try {
      const markdown = join(folder, 'table.md');
      const args = ['--agent-arn', AGENT_ARN, '--yes', '--only', 'by a role', '--markdown', markdown];
      const { exit, text } = spawnNode([SCRIPT, ...args], awsEnvironment(emulator));
      expect([await exit, text.stdout]).toEqual([0, expect.stringMatching(/8 assumptions: 7 as assumed, 1 not run\n$/)]);
      expect(text.stdout).toMatch(/not run {5}A9 .*\n.*\n +why: +no domain: --domain/);
      expect(readFileSync(markdown, 'utf8')).toContain('| B2 | the role of the printed policy: an update | ok | ok |  |');
      expect(Object.values(emulator.inventory()).flat()).toEqual([]);
    } finally {
      await emulator.close();
    }
  },
);

test('Ctrl-C amid a deploy: everything is deleted', { timeout: 120_000 }, async () => {
  const { child, exit, text } = spawnNode([SCRIPT, '--local', '--only', 'B1 ']);
  await new Promise((resolve) => {
    child.stderr?.on('data', () => {
      if (text.stderr.includes('main: a first deploy')) resolve(undefined);
    });
  });
  // The program that deploys has begun by then, or begins now.
  await new Promise((resolve) => {
    setTimeout(resolve, 1_500);
  });
  child.kill('SIGINT');
  expect([await exit, text.stderr]).toEqual([130, expect.stringContaining('everything that was made is deleted')]);
});

test(
  'what differs is told, with the option that follows; a deploy that fails takes its rows along',
  { timeout: 240_000 },
  async () => {
    const { signal } = new AbortController();
    const world = await openEmulator(signal, {
      apiGateway: { invalidPreludeStatus: 500 },
      cloudFormation: { failResources: { Overview: 'No.' } },
    });
    const answers = [];
    try {
      await world.open();
      const asking = SETUPS.filter(({ stack }) => stack === 'asking').map((each) => ({ ...each, rows: each.rows.slice(0, 1) }));
      for await (const each of answer(world, [...asking, ...BY_ROLE.slice(0, 1)], signal)) answers.push(each);
    } finally {
      expect(await world.close()).toEqual([]);
    }
    const text = reportLines(answers, 100);
    expect(text).toContain(
      `${'DIFFERS'.padEnd(12)}${'B16'.padEnd(10)}what a client gets when a function sends no prelude
                      assumed: 502 {"message": "Internal server error"}
                      seen:    500 {"message": "Internal server error"}
                      in the emulator: apiGateway.invalidPreludeStatus`,
    );
    expect(text).toMatch(/FAILED {6}B2 .*\n(.*\n)? +assumed: created\n +why: +DEPLOY_FAILED: Overview [^]* failed: No\./);
    expect(text).toContain('its deploy failed');
  },
);
