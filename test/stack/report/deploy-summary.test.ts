import { expect, test } from 'vitest';
import { type DeploySummary, nextSteps } from '../../../src/stack/report/deploy-summary.ts';

const SUMMARY: DeploySummary = {
  outcome: 'created',
  stackName: 'agentstream',
  region: 'us-east-1',
  url: 'https://x/v1',
  authMode: 'iam',
  agentRegion: undefined,
  elapsedMs: 1,
  access: {},
};

const stepsOf = (facts: Partial<DeploySummary>): string => nextSteps({ ...SUMMARY, ...facts }, {});
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

test.each([
  [{ profile: 'work' }, 'eval "$(aws configure export-credentials --profile work --format env)"'],
  [{ profile: "it's" }, String.raw`--profile 'it'\''s' --format env)"`],
  [{}, 'eval "$(aws configure export-credentials --format env)"'],
])('a signing curl line gets the credentials of %j', (access, line) => {
  expect(stepsOf({ access }).split('curl -N')[0]).toContain(line);
});

test('keys of the environment are where curl looks; without a signature nothing is asked', () => {
  expect(stepsOf({ access: { credentials } })).toMatch(/Try it:\n {2}curl -N/);
  expect(stepsOf({ authMode: 'none' })).toMatch(/Try it:\n {2}curl -N/);
});

test('a token stands alone in a header of its own', () => {
  const lineOf = (tokenHeader?: string): string => stepsOf({ authMode: 'lambda', tokenHeader });
  expect(lineOf('X-Token')).toContain('-H "X-Token: $AGENTSTREAM_TOKEN"');
  expect(lineOf('X-Token')).not.toContain('Bearer');
  expect(lineOf('Authorization')).toContain('-H "Authorization: Bearer $AGENTSTREAM_TOKEN"');
  expect(lineOf()).toContain('-H "authorization: Bearer $AGENTSTREAM_TOKEN"');
});
