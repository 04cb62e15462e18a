import { expect, test } from 'vitest';
import { hintText } from '../../src/cli/command-line.ts';
import type { AgentstreamError } from '../../src/cli/errors.ts';
import { explainStackError } from '../../src/stack/stack-run.ts';
import { redactArns } from '../../src/aws/arns.ts';
import { replacesApi, shownValue, toResourceChange } from '../../src/stack/resource-change.ts';
import { findRootFailure } from '../../src/stack/stack-report.ts';
import { stackEvent } from '../helpers/stack-events.ts';

test.each([
  ['on arn:aws:lambda:us-east-1:111122223333:function:x, now', 'on function:x, now'],
  ['"arn:aws-us-gov:iam::111122223333:role/team/x"', '"role/team/x"'],
  ['account 111122223333 is full', 'account ACCOUNT is full'],
  ['arn:aws:s3:::bucket', 'bucket'],
  ['request 2a7b1c4d-0000-4000-8000-000000000000', 'request 2a7b1c4d-0000-4000-8000-000000000000'],
])('%s names nobody', (text, shown) => {
  expect(redactArns(text)).toBe(shown);
});

test.each([
  ['Environment.Variables.API_TOKEN', 'abc', '****'],
  ['Value.password', 'abc', '****'],
  ['ApiKeyRequired', 'true', 'true'],
  ['Code.ZipFile', 'x\ny', '(3 bytes)'],
  ['Name', 'x'.repeat(61), '(61 bytes)'],
  ['Uri', '{{changeSet:KNOWN_AFTER_APPLY}}', '(known after apply)'],
  ['Types', ['REGIONAL'], '["REGIONAL"]'],
  ['Name', undefined, undefined],
])('the value of %s for people', (path, value, shown) => {
  expect(shownValue(path, value)).toBe(shown);
});

test('a change is told by the paths within a property that differ, each once', () => {
  const detail = (path: string, before: string, after: string) => ({
    Target: { Attribute: 'Properties' as const, Path: path, BeforeValue: before, AfterValue: after },
  });
  const change = toResourceChange({
    ResourceChange: {
      Action: 'Modify',
      LogicalResourceId: 'Function',
      ResourceType: 'AWS::Lambda::Function',
      Replacement: 'False',
      Details: [
        // As the emulator has it, and as AWS does.
        detail('/Properties/Environment', '{"Variables":{"A":"1","B":"2"}}', '{"Variables":{"A":"1","B":"3"}}'),
        detail('/Properties/Environment/Variables/B', '2', '3'),
        detail('/Properties/MemorySize', '512', '1024'),
        { Target: { Attribute: 'Metadata' as const } },
        // Without permission for the values: only names.
        { Target: { Attribute: 'Properties' as const, Name: 'Timeout' } },
      ],
    },
  });
  expect(change.properties).toEqual([
    { path: 'Environment.Variables.B', before: '2', after: '3' },
    { path: 'MemorySize', before: '512', after: '1024' },
    { path: 'Metadata', before: undefined, after: undefined },
    { path: 'Timeout', before: undefined, after: undefined },
  ]);
});

test('the root of a failure is the first one that is no echo, and no event of the stack', () => {
  const { event: echo } = stackEvent('A', 'CREATE_FAILED', 'Resource creation cancelled');
  const { event: stack } = stackEvent('s', 'CREATE_FAILED', 'x', { isStack: true });
  const { event: root } = stackEvent('B', 'CREATE_FAILED', 'No.');
  const { event: later } = stackEvent('C', 'DELETE_FAILED', 'No, too.');
  expect(findRootFailure([echo, stack, root, later])).toBe(root);
  expect(findRootFailure([echo, stack])).toBe(echo);
  expect(findRootFailure([])).toBeUndefined();
});

test.each([
  ['Remove', undefined, 'AWS::ApiGateway::RestApi', true],
  ['Modify', 'True', 'AWS::ApiGateway::RestApi', true],
  ['Modify', 'Conditional', 'AWS::ApiGateway::RestApi', true],
  ['Modify', 'False', 'AWS::ApiGateway::RestApi', false],
  ['Add', undefined, 'AWS::ApiGateway::RestApi', false],
  ['Remove', undefined, 'AWS::ApiGateway::Deployment', false],
] as const)('%s %s of %s replaces the API: %s', (action, replacement, resourceType, expected) => {
  const change = { action, replacement, resourceType, logicalId: 'X', properties: [] };
  expect(replacesApi([change])).toBe(expected);
});

const STATE = {
  access: { profile: 'work' },
  hasBegun: true,
  follow: ['agentstream', 'deploy', '--attach'],
  isInterrupted: false,
};

test.each([
  [
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    'NO_CONNECTION',
    'no connection to AWS (ECONNRESET); the operation continues in AWS',
    'run the command again, then follow it with: agentstream deploy --attach',
  ],
  [
    Object.assign(new Error('The security token included in the request is expired'), {
      name: 'ExpiredTokenException',
      $metadata: { httpStatusCode: 403 },
    }),
    'EXPIRED_CREDENTIALS',
    'the AWS credentials have expired; the operation continues in AWS',
    'run: aws sso login --profile work, then follow it with: agentstream deploy --attach',
  ],
])('what ends a run that had begun: %s', (error, code, message, hint) => {
  const explained = explainStackError(error, STATE) as AgentstreamError;
  expect(explained).toMatchObject({ code, message });
  expect(hintText(explained.hint ?? '', {})).toBe(hint);
});
