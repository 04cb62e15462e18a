import { expect, test } from 'vitest';
import { corsHeaders } from '../../lambda/response.ts';

const ALLOW = 'Access-Control-Allow-Origin';
const CREDENTIALS = 'Access-Control-Allow-Credentials';
const A = 'https://a.example';
const B = 'https://b.example:8443';

const headers = (corsOrigins: readonly string[], origin: string | undefined, corsCredentials = false): Record<string, string> =>
  corsHeaders({ corsOrigins, corsCredentials }, origin);

test('without origins there is nothing to say', () => {
  expect(headers([], A)).toEqual({});
});

test('any origin: the same to everybody, and never with credentials', () => {
  expect(headers(['*'], A, true)).toMatchObject({ [ALLOW]: '*' });
  expect(headers(['*'], A, true)).not.toHaveProperty(CREDENTIALS);
  expect(headers(['*'], A)).not.toHaveProperty('Vary');
});

test('one origin is named whoever asks', () => {
  for (const origin of [undefined, A, 'https://evil.example']) {
    expect(headers([A], origin, true)).toMatchObject({ [ALLOW]: A, [CREDENTIALS]: 'true', Vary: 'Origin' });
  }
});

test('of several the one that asks, exactly', () => {
  expect(headers([A, B], B, true)).toMatchObject({ [ALLOW]: B, [CREDENTIALS]: 'true' });
  expect(headers([A, B], B)).not.toHaveProperty(CREDENTIALS);
});

test.each([
  undefined,
  '',
  'null',
  'https://evil.example',
  'https://A.example',
  'http://a.example',
  'https://a.example/',
  'https://a.example.evil.example',
  `${A},${B}`,
])('of several no other is let in: %s', (origin) => {
  expect(headers([A, B], origin, true)).toEqual({ Vary: 'Origin' });
});
