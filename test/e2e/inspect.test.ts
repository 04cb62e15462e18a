import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import type { Chain } from '../helpers/chain.ts';
import { startEditedChain, withAccessLog } from '../helpers/edited-chain.ts';
import { send } from '../helpers/post.ts';
import { runBin } from '../helpers/spawned.ts';
import { hasTmux, startInTmux, type TmuxSession } from '../helpers/tmux.ts';

let chain: Chain;
const sessions: TmuxSession[] = [];
/** On a busy machine the proof sends twice as many probes, each four times as wide. */
const PROOF_PATIENCE_MS = 110_000;

beforeAll(async () => {
  chain = await startEditedChain(createActingAgent(), {
    edit: (template) => withAccessLog(template).replaceAll('TimeoutInMillis: 900000', 'TimeoutInMillis: 60000'),
  });
  await send('POST', `${chain.url}/invoke`, { prompt: 'hello' });
});
afterAll(() => chain.close());
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

const onTerminal = test.skipIf(!hasTmux);

function start(...args: string[]): TmuxSession {
  const size = { env: chain.env, columns: 160, rows: 60 };
  const session = startInTmux([...args, '--stack-name', 'chain'], size);
  sessions.push(session);
  return session;
}

onTerminal('status: what is wrong is red', async () => {
  const session = start('status');
  await session.see(/wrong: POST \/invoke ends streams after 60 s[^]*\[status 0\]/);
  expect(session.output()).toContain('\u001B[31mdoes not stream correctly, see below');
  expect(session.output()).toContain('\u001B[32mCREATE_COMPLETE');
});

onTerminal('doctor: what fails is red, with its fix; exit 1', async () => {
  const session = start('doctor');
  await session.see(/failed {3}POST \/invoke ends streams after 60 s/);
  await session.see(/ok {7}it streams[^]*error: 1 of 16 checks failed\n\[status 1\]/, PROOF_PATIENCE_MS);
  expect(session.output()).toContain('\u001B[31mfailed');
  expect(session.output()).toContain('\u001B[1mThe endpoint');
});

onTerminal('logs --follow: short times, live lines, and Ctrl-C ends it with 0', async () => {
  const session = start('logs', '--follow');
  await session.see(/\d\d:\d\d:\d\d\.\d{3} access {3}200 POST \/v1\/invoke/);
  expect(session.screen()).not.toMatch(/\d{4}-\d\d-\d\dT/);
  await send('POST', `${chain.url}/elsewhere`, {});
  await session.see(/access {3}403 POST \/v1\/elsewhere/);
  expect(session.output()).toContain('\u001B[31m403');
  session.press('C-c');
  await session.see(/\d+ events\n\[status 0\]/);
});

test('doctor without credentials: what to do, and exit 1', async () => {
  const home = mkdtempSync(join(tmpdir(), 'agentstream-'));
  try {
    const { exitCode, stdout, stderr } = await runBin(['doctor'], {
      HOME: home,
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/failed {3}no AWS credentials: .*\n {11}fix: give --profile/);
    // What hangs on them was left out.
    expect(stdout).not.toContain('CloudFormation');
    expect(stderr).toBe('error: 1 of 4 checks failed\n');
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('doctor without a Region', async () => {
  const home = mkdtempSync(join(tmpdir(), 'agentstream-'));
  try {
    const env = { HOME: home, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
    const { exitCode, stdout } = await runBin(['doctor'], env);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/failed {3}no AWS Region is set\n {11}fix: give --region/);
  } finally {
    rmSync(home, { recursive: true });
  }
});
