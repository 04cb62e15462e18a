import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { checkCredentials } from '../../src/checks/check-account.ts';
import { checkClock, checkMachine } from '../../src/checks/check-machine.ts';
import { checkCertificate, checkStack } from '../../src/checks/check-stack.ts';
import { examine } from '../../src/checks/run-doctor.ts';
import { type Check, throwFailedCheck } from '../../src/checks/check.ts';
import { hintText } from '../../src/cli/command-line.ts';
import { BARE_STACK } from '../helpers/bare-stack.ts';

async function first(findings: AsyncGenerator<Check, unknown>): Promise<Check> {
  const { value } = await findings.next();
  return value as Check;
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
  expect(hintText(finding.hint ?? '', { stackName: 'x' })).toContain(fix ?? '');
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

const arnIn = (region: string): string => `arn:aws:acm:${region}:000000000000:certificate/0123abcd`;

test.each([
  ['REGIONAL', 'eu-west-1', 'eu-west-1', 'ok'],
  ['REGIONAL', 'us-east-1', 'eu-west-1', 'failed'],
  ['EDGE', 'us-east-1', 'eu-west-1', 'ok'],
  ['EDGE', 'eu-west-1', 'eu-west-1', 'failed'],
])('%s with a certificate of %s for a stack in %s: %s', (type, place, region, status) => {
  const check = checkCertificate(arnIn(place), type, region);
  expect(check).toMatchObject({ name: 'certificate', status });
  const hint = hintText(check.hint ?? '', {});
  if (status === 'failed') expect(hint).toContain('aws acm request-certificate');
});

test('the first check that failed is the error of a preflight, by its own code where it has one', () => {
  const ok: Check = { name: 'node', status: 'ok', text: 'fine' };
  const failed: Check = { name: 'agent-runtime', status: 'failed', text: 'gone', hint: 'wait' };
  expect(() => throwFailedCheck([ok])).not.toThrow();
  expect(() => throwFailedCheck([ok, failed])).toThrow(
    expect.objectContaining({ code: 'PREFLIGHT_FAILED', message: 'gone', hint: 'wait' }),
  );
  expect(() => throwFailedCheck([{ ...failed, code: 'NO_REGION' }, failed])).toThrow(
    expect.objectContaining({ code: 'NO_REGION' }),
  );
});
