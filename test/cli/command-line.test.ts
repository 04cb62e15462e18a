import { expect, test } from 'vitest';
import { commandLine, hintText, readTarget } from '../../src/cli/command-line.ts';
import { type Hint, hint } from '../../src/cli/errors.ts';

const TARGET = { stackName: 'staging', region: 'eu-west-1' };
const FLAGS = ' --stack-name staging --region eu-west-1';

const deploy = ['agentstream', 'deploy'];
const status = ['agentstream', 'status'];
const retire = ['agentstream', 'key', 'retire'];

test.each([
  [
    hint`lift it: ${[...deploy, '--no-termination-protection']}`,
    'lift it: agentstream deploy --no-termination-protection',
    `lift it: agentstream deploy${FLAGS} --no-termination-protection`,
  ],
  [
    hint`mend it, then run ${['agentstream', 'destroy']} again`,
    'mend it, then run agentstream destroy again',
    `mend it, then run agentstream destroy${FLAGS} again`,
  ],
  [
    hint`\`${deploy}\`; ${retire}; ${status}`,
    '`agentstream deploy`; agentstream key retire; agentstream status',
    `\`agentstream deploy${FLAGS}\`; agentstream key retire${FLAGS}; agentstream status${FLAGS}`,
  ],
  [
    hint`${['agentstream', 'key', 'rotate']}, ${['agentstream', 'doctor']}`,
    'agentstream key rotate, agentstream doctor',
    `agentstream key rotate${FLAGS}, agentstream doctor${FLAGS}`,
  ],
  [
    hint`${hint`wait, or look: ${status}`}, then ${deploy}`,
    'wait, or look: agentstream status, then agentstream deploy',
    `wait, or look: agentstream status${FLAGS}, then agentstream deploy${FLAGS}`,
  ],
])('%j leads to the same stack', (led: Hint, without, text) => {
  expect(hintText(led, TARGET)).toBe(text);
  expect(hintText(led, {})).toBe(without);
});

test.each([
  [hint`follow it with: ${[...deploy, '--stack-name', 'a', '--region', 'b']}`],
  [hint`all that it needs: ${['agentstream', 'iam-policy']}`],
  [hint`two runs: ${['agentstream', 'bench', 'compare', 'a.json', 'b.json']}`],
  ['the stack agentstream deploys nothing'],
])('%j stays', (led) => {
  expect(hintText(led, TARGET)).toBe(hintText(led, {}));
});

test('a command takes the flags that it knows, and no secret is printed', () => {
  const target = {
    local: true,
    profile: 'work',
    url: 'https://x/v1',
    apiKey: 'secret',
    token: 'secret',
    sigv4: true,
    qualifier: 'prod',
    hop: 'lambda',
  };
  expect(commandLine(['agentstream', 'invoke', 'Hello'], target)).toBe(
    'agentstream invoke --local --profile work --url https://x/v1 --api-key KEY --token TOKEN --sigv4 --qualifier prod --hop lambda Hello',
  );
  expect(commandLine(['agentstream', 'logs'], target)).toBe('agentstream logs --local --profile work');
  expect(commandLine(['aws', 'sso', 'login'], { ...target, region: 'eu-west-1' })).toBe('aws sso login --profile work');
  expect(commandLine(['aws', 'acm', 'list-certificates', '--max-items', '1'], target)).toBe(
    'aws acm list-certificates --profile work --max-items 1',
  );
});

test.each([
  ['plain-1.ndjson', 'plain-1.ndjson'],
  ['two words', "'two words'"],
  ["it's", String.raw`'it'\''s'`],
  ['', "''"],
  ['$(id)', "'$(id)'"],
])('the word %j in a shell is %s', (word, quoted) => {
  expect(commandLine(['agentstream', 'chat', word])).toBe(`agentstream chat ${quoted}`);
});

test('what a run talks to comes from its flags, name and Region also from the environment', () => {
  expect(readTarget({}, { AWS_REGION: 'a', AGENTSTREAM_STACK_NAME: 's' })).toMatchObject({ stackName: 's', region: 'a' });
  expect(readTarget({ region: 'b', stackName: 't' }, { AWS_REGION: 'a' })).toMatchObject({ stackName: 't', region: 'b' });
  const chain = (flags: object, env: object): string =>
    commandLine(status, readTarget(flags as Record<string, unknown>, env as NodeJS.ProcessEnv));
  expect(chain({ stackName: 'agentstream' }, {})).toBe('agentstream status');
  expect(chain({ stackName: 'agentstream' }, { AGENTSTREAM_STACK_NAME: 's' })).toBe(
    'agentstream status --stack-name agentstream',
  );
});
