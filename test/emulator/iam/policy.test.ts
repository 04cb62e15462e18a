import { expect, test } from 'vitest';
import { type AccessRequest, decide, type PolicyDocument, readPolicy, type Statement } from '../../../src/emulator/iam/policy.ts';

const STAGE = 'arn:aws:execute-api:eu-west-1:111122223333:abc/v1';
const ALLOW: Statement = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${STAGE}/*` };
const REQUEST: AccessRequest = {
  action: 'execute-api:Invoke',
  resource: `${STAGE}/POST/invoke`,
  principal: { arn: 'arn:aws:iam::111122223333:user/ann', accountId: '111122223333' },
  context: { 'aws:SourceIp': '203.0.113.7', 'aws:SecureTransport': 'true' },
};

function ask(statements: readonly Statement[], request: Partial<AccessRequest> = {}): string {
  return decide([{ Statement: statements }], { ...REQUEST, ...request });
}

test.each<[string, readonly Statement[], string]>([
  ['nothing is a no', [], 'implicit-deny'],
  ['an Allow', [ALLOW], 'allow'],
  ['a Deny wins, wherever it stands', [{ ...ALLOW, Effect: 'Deny' }, ALLOW], 'explicit-deny'],
  ['another action', [{ ...ALLOW, Action: 'execute-api:ManageConnections' }], 'implicit-deny'],
  ['actions have no case', [{ ...ALLOW, Action: 'EXECUTE-API:invoke' }], 'allow'],
  ['wildcards', [{ ...ALLOW, Action: 'execute-api:In?oke', Resource: '*' }], 'allow'],
  ['resources have a case', [{ ...ALLOW, Resource: STAGE.toUpperCase() }], 'implicit-deny'],
  ['all actions but some', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'allow'],
  ['but this one', [{ Effect: 'Allow', NotAction: 'execute-api:*', Resource: '*' }], 'implicit-deny'],
  ['all resources but some', [{ ...ALLOW, Effect: 'Deny', Resource: [], NotResource: 'arn:x' }, ALLOW], 'explicit-deny'],
])('%s', (_what, statements, decision) => {
  expect(ask(statements.map(({ ...statement }) => clean(statement)))).toBe(decision);
});

/** Without the Resource that a NotResource stands in place of. */
function clean(statement: Statement): Statement {
  const { Resource: _, ...rest } = statement;
  return statement.NotResource === undefined ? statement : rest;
}

test.each<[string, Statement['Principal'], string]>([
  ['everyone', '*', 'allow'],
  ['everyone, as an account', { AWS: '*' }, 'allow'],
  ['the user', { AWS: ['arn:aws:iam::444455556666:root', REQUEST.principal?.arn ?? ''] }, 'allow'],
  ['another user', { AWS: 'arn:aws:iam::111122223333:user/bob' }, 'implicit-deny'],
  ['the root of the account', { AWS: 'arn:aws:iam::111122223333:root' }, 'allow'],
  ['the number of the account', { AWS: '111122223333' }, 'allow'],
  ['another account', { AWS: 'arn:aws:iam::444455556666:root' }, 'implicit-deny'],
  ['a service', { Service: 'apigateway.amazonaws.com' }, 'implicit-deny'],
])('principal: %s', (_what, Principal, decision) => {
  expect(ask([{ ...ALLOW, Principal: Principal ?? '*' }])).toBe(decision);
});

test('a service is let in by its name', () => {
  const statement = { ...ALLOW, Principal: { Service: ['lambda.amazonaws.com'] } };
  const asked = (service: string) => ask([statement], { principal: { service } });
  expect([asked('lambda.amazonaws.com'), asked('s3.amazonaws.com')]).toEqual(['allow', 'implicit-deny']);
});

test.each<[string, Statement['Condition'], string]>([
  ['an address', { IpAddress: { 'aws:SourceIp': '203.0.113.7' } }, 'allow'],
  ['a range', { IpAddress: { 'aws:sourceip': ['10.0.0.0/8', '203.0.113.0/24'] } }, 'allow'],
  ['another range', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'implicit-deny'],
  ['a range of the other kind', { IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, 'implicit-deny'],
  ['not a range', { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'allow'],
  ['not of two ranges', { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] } }, 'implicit-deny'],
  ['a key that is not there', { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }, 'implicit-deny'],
  ['not that of a key that is not there', { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } }, 'allow'],
  ['a key if it is there', { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } }, 'allow'],
  ['a key that must not be there', { Null: { 'aws:SourceVpce': 'true' } }, 'allow'],
  ['a key that must be there', { Null: { 'aws:SourceVpce': 'false' } }, 'implicit-deny'],
  ['a truth', { Bool: { 'aws:SecureTransport': true } }, 'allow'],
  [
    'two operators, one of which fails',
    { Bool: { 'aws:SecureTransport': 'true' }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    'implicit-deny',
  ],
  ['a pattern', { StringLike: { 'aws:SourceIp': '203.*' } }, 'allow'],
  ['not a pattern', { StringNotLike: { 'aws:SourceIp': '203.*' } }, 'implicit-deny'],
])('condition: %s', (_what, Condition, decision) => {
  expect(ask([{ ...ALLOW, Condition: Condition ?? {} }])).toBe(decision);
});

test('IPv6 ranges', () => {
  const statement = { ...ALLOW, Condition: { IpAddress: { 'aws:SourceIp': '2001:db8::/32' } } };
  const asked = (ip: string) => ask([statement], { context: { 'aws:SourceIp': ip } });
  expect([asked('2001:db8:1::5'), asked('2001:db9::5')]).toEqual(['allow', 'implicit-deny']);
});

test('ARNs are compared part by part', () => {
  const statement = (pattern: string) => ({ ...ALLOW, Condition: { ArnLike: { 'aws:SourceArn': pattern } } });
  const context = { 'aws:SourceArn': `${STAGE}/POST/invoke` };
  expect(ask([statement('arn:aws:execute-api:*:111122223333:abc/*')], { context })).toBe('allow');
  expect(ask([statement('arn:aws:execute-api:*')], { context })).toBe('implicit-deny');
});

test.each<[string, unknown, string]>([
  ['no statement', { Version: '2012-10-17' }, 'Missing required field Statement'],
  ['no JSON', '{', 'Syntax errors in policy.'],
  ['another member', { Statement: { ...ALLOW, NotPrincipal: '*' } }, 'policy member NotPrincipal'],
  ['another operator', { Statement: [{ ...ALLOW, Condition: { DateLessThan: {} } }] }, 'the condition DateLessThan'],
])('a policy with %s is refused', (_what, document, message) => {
  expect(() => readPolicy(document as never)).toThrow(message);
});

test('a policy may come as text', () => {
  const policy: PolicyDocument = { Statement: [ALLOW] };
  expect(readPolicy(JSON.stringify(policy))).toEqual(policy);
});
