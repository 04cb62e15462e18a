import { expect, test } from 'vitest';
import { readCaller } from '../../lambda/caller.ts';
import type { RequestContext } from '../../lambda/request.ts';
import { SESSION_ID_PATTERN } from '../../src/protocol.ts';

const KEY = 'arn:aws:lambda:us-east-1:123456789012:function:f';
const SESSION = 'session-0123456789-0123456789-0123456789';

const context = (members: Partial<RequestContext>): RequestContext => ({ requestId: 'r', ...members });
const claims = (values: Record<string, unknown>): RequestContext => context({ authorizer: { claims: values } });

const bound = (of: RequestContext | undefined, sessionId = SESSION, key = KEY): string =>
  readCaller(of, sessionId, { userIdFrom: '', sessionScope: 'caller' }, key).sessionId;
const userId = (of: RequestContext | undefined, userIdFrom: string): string | undefined =>
  readCaller(of, SESSION, { userIdFrom, sessionScope: 'any' }, KEY).userId;

test('asks for nothing unless it is set to', () => {
  expect(readCaller(undefined, SESSION, { userIdFrom: '', sessionScope: 'any' }, KEY)).toEqual({
    sessionId: SESSION,
    userId: undefined,
  });
});

const CALLERS: readonly [string, RequestContext][] = [
  ['sub', claims({ sub: 'x' })],
  ['principal', context({ authorizer: { principalId: 'x' } })],
  ['ARN', context({ identity: { userArn: 'x', apiKeyId: null } })],
  ['identity of a pool', context({ identity: { userArn: 'shared', cognitoIdentityId: 'x', apiKeyId: null } })],
  ['API key', context({ identity: { userArn: null, apiKeyId: 'x' } })],
];

test('binds a session to each kind of caller, and no two kinds meet', () => {
  const ids = CALLERS.map(([, caller]) => bound(caller));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{64}$/);
  for (const id of ids) expect(id).toMatch(SESSION_ID_PATTERN);
  expect(new Set(ids).size).toBe(CALLERS.length);
  expect(bound(CALLERS[0]?.[1])).toBe(ids[0]);
});

test('another caller, session or stack is another session', () => {
  const one = bound(claims({ sub: 'ada' }));
  expect(bound(claims({ sub: 'eve' }))).not.toBe(one);
  expect(bound(claims({ sub: 'ada' }), `${SESSION}x`)).not.toBe(one);
  expect(bound(claims({ sub: 'ada' }), SESSION, `${KEY}x`)).not.toBe(one);
});

test('users of an identity pool, who sign with one ARN, have a session each', () => {
  const userOf = (cognitoIdentityId: string) => context({ identity: { userArn: 'shared', cognitoIdentityId } });
  expect(bound(userOf('us-east-1:ada'))).not.toBe(bound(userOf('us-east-1:eve')));
});

test('what belongs to the caller cannot be moved into the session id', () => {
  expect(bound(claims({ sub: 'ada' }), `1${SESSION}`)).not.toBe(bound(claims({ sub: 'ada1' }), SESSION));
  expect(bound(claims({ sub: 'ada40:' }), SESSION)).not.toBe(bound(claims({ sub: 'ada' }), `40:${SESSION}`));
});

test.each([
  undefined,
  context({}),
  context({ authorizer: null, identity: { userArn: null, apiKeyId: null } }),
  claims({}),
  claims({ sub: '' }),
  context({ authorizer: { claims: 'text', sub: 'x' } }),
  context({ authorizer: { principalId: 7 } }),
])('a session without a caller is refused: %j', (caller) => {
  expect(() => bound(caller)).toThrow(expect.objectContaining({ code: 'CALLER_UNKNOWN' }) as Error);
});

test('a Lambda authorizer cannot pass its context off as the claims of a user pool', () => {
  const own = context({ authorizer: { principalId: 'eve', sub: 'ada' } });
  expect(bound(own)).toBe(bound(context({ authorizer: { principalId: 'eve' } })));
  expect(bound(own)).not.toBe(bound(claims({ sub: 'ada' })));
});

test.each([
  ['sub', claims({ sub: 'ada' }), 'ada'],
  ['claim:email', claims({ sub: 'ada', email: 'ada@example.com' }), 'ada@example.com'],
  ['claim:custom:tenant', claims({ 'custom:tenant': 'a b' }), 'a b'],
  ['claim:email', context({ authorizer: { principalId: 'p', email: 'of@context' } }), 'of@context'],
  ['claim:level', context({ authorizer: { principalId: 'p', level: 7 } }), '7'],
  ['principal', context({ authorizer: { principalId: 'p' } }), 'p'],
  ['principal', context({ identity: { userArn: 'arn:aws:iam::1:user/ada' } }), 'arn:aws:iam::1:user/ada'],
  [
    'principal',
    context({
      identity: { userArn: 'arn:aws:sts::1:assumed-role/pool/CognitoIdentityCredentials', cognitoIdentityId: 'us-east-1:ada' },
    }),
    'us-east-1:ada',
  ],
])('the user id by %s', (from, caller, expected) => {
  expect(userId(caller, from)).toBe(expected);
});

test.each([
  ['sub', claims({ email: 'a' })],
  ['sub', context({ authorizer: null })],
  ['claim:email', claims({ email: '' })],
  ['claim:toString', claims({ sub: 'ada' })],
  ['claim:groups', claims({ groups: ['a'] })],
  ['principal', claims({ sub: 'ada' })],
  // Lost or changed on the way, so that two users would be one.
  ['sub', claims({ sub: ' ada' })],
  ['sub', claims({ sub: 'ada ' })],
  ['sub', claims({ sub: 'a\r\nb' })],
  ['sub', claims({ sub: 'ädä' })],
  ['sub', claims({ sub: 'x'.repeat(1_025) })],
])('no user id, no call: %s of %j', (from, caller) => {
  expect(() => userId(caller, from)).toThrow(expect.objectContaining({ code: 'CALLER_UNKNOWN' }) as Error);
});

test('a user id may be as long as the service takes it', () => {
  expect(userId(claims({ sub: 'x'.repeat(1_024) }), 'sub')).toHaveLength(1_024);
});
