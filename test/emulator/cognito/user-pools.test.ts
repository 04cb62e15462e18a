import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/emulator/index.ts';

const POOL = 'arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_Pool1';
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ userPools: [POOL] });
});
afterAll(() => emulator.close());

const verify = (token: string) => {
  const keys = new URL(`${emulator.url}/_aws/cognito/eu-west-1_Pool1/.well-known/jwks.json`);
  return jwtVerify(token, createRemoteJWKSet(keys), { issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool1' });
};

test('an identity token, as anybody can verify it with the keys of the pool', async () => {
  const token = await emulator.issueToken(POOL, { sub: 'ada', email: 'ada@example.com' });
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
  const { payload } = await verify(token);
  expect(payload).toMatchObject({
    sub: 'ada',
    email: 'ada@example.com',
    token_use: 'id',
    aud: 'emulatorclient',
    'cognito:username': 'ada',
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3_600);
});

test('an access token has a scope, or is asked for', async () => {
  const scoped = await verify(await emulator.issueToken(POOL, { sub: 'ada', scope: 'a b' }));
  expect(scoped.payload).toMatchObject({ token_use: 'access', username: 'ada', scope: 'a b' });
  expect(scoped.payload).not.toHaveProperty('aud');
  const { payload } = await verify(await emulator.issueToken(POOL, { token_use: 'access' }));
  expect(payload).toHaveProperty('client_id');
});

test('other pools are not known', async () => {
  await expect(emulator.issueToken(`${POOL}x`)).rejects.toThrow('no such user pool');
  const answer = await fetch(`${emulator.url}/_aws/cognito/other/.well-known/jwks.json`);
  expect(answer.status).toBe(404);
});
