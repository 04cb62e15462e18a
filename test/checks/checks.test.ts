import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { checkClock } from '../../src/checks/check-clock.ts';
import { checkMachine } from '../../src/checks/check-machine.ts';
import { checkStack } from '../../src/checks/check-stack.ts';
import { examine } from '../../src/checks/examine.ts';
import type { Finding } from '../../src/checks/check.ts';
import { checkCredentials } from '../../src/checks/check-credentials.ts';
import { hintText } from '../../src/cli/command-line.ts';
import { BARE_STACK } from '../helpers/bare-stack.ts';

async function first(findings: AsyncGenerator<Finding, unknown>): Promise<Finding> {
  const { value } = await findings.next();
  return value as Finding;
}

test.each([
  ['20.19.0', 'ok'],
  ['20.18.3', 'failed'],
  ['18.20.4', 'failed'],
  ['26.0.0', 'ok'],
])('Node.js %s: %s', async (version, status) => {
  expect(await first(checkMachine(version))).toMatchObject({ name: 'node', status });
});

test.each([
  [undefined, 'note', 'was not checked'],
  [900, 'ok', 'is right'],
  [-59_000, 'ok', 'is right'],
  [61_000, 'warning', '61 s ahead of AWS'],
  [-299_000, 'warning', '5 min behind AWS'],
  [300_000, 'failed', '5 min ahead of AWS: signatures are refused'],
  [-7_200_000, 'failed', '120 min behind AWS'],
])('a clock that is %s ms ahead: %s', (aheadMs, status, words) => {
  const finding = checkClock(aheadMs);
  expect(finding.status).toBe(status);
  expect(finding.text).toContain(words);
});

test.each([
  ['CREATE_COMPLETE', 'ok', undefined],
  ['UPDATE_COMPLETE', 'ok', undefined],
  ['UPDATE_IN_PROGRESS', 'warning', 'deploy --stack-name x --attach'],
  ['REVIEW_IN_PROGRESS', 'warning', 'agentstream destroy --stack-name x'],
  ['UPDATE_ROLLBACK_COMPLETE', 'warning', 'agentstream deploy --stack-name x'],
  ['ROLLBACK_COMPLETE', 'failed', 'safe to deploy again'],
  ['UPDATE_ROLLBACK_FAILED', 'failed', 'safe to deploy again'],
  ['DELETE_FAILED', 'failed', 'safe to deploy again'],
])('a stack that is %s: %s', async (state, status, fix) => {
  const stack = { ...BARE_STACK, status: state };
  const finding = await first(checkStack(stack, {}, 'us-east-1'));
  expect(finding).toMatchObject({ name: 'state', status });
  expect(hintText(finding.fix ?? '', { stackName: 'x' })).toContain(fix ?? '');
});

test('it ends with the signal, between two checks', async () => {
  const controller = new AbortController();
  const checks = examine({
    stackName: 'x',
    access: { region: 'us-east-1', endpointUrl: 'http://127.0.0.1:1' },
    agentArn: undefined,
    nodeVersion: '22.0.0',
    nowMs: () => 0,
    signal: controller.signal,
  });
  expect((await checks.next()).value).toMatchObject({ group: 'machine', name: 'node' });
  controller.abort();
  await expect(checks.next()).rejects.toThrow(/abort/i);
});

test('credentials that have expired', async () => {
  const client = new CloudFormationClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y', expiration: new Date(0) },
  });
  const check = await checkCredentials(client, { profile: 'work' });
  expect(check.status).toBe('failed');
  expect(hintText(check.hint ?? '', {})).toBe('run: aws sso login --profile work');
  client.destroy();
});
