import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { type Answer, send } from '../helpers/post.ts';

const A = 'https://a.example';
const B = 'http://localhost:5173';
const STRANGER = 'https://evil.example';

let chain: Chain;
beforeAll(async () => {
  chain = await startChain(createActingAgent(), { parameters: { CorsOrigins: `${A},${B}`, CorsCredentials: 'on' } });
});
afterAll(() => chain?.close());

const corsOf = ({ headers }: Answer): unknown => ({
  origin: headers['access-control-allow-origin'],
  credentials: headers['access-control-allow-credentials'],
});
const LET_IN = { credentials: 'true' };
const KEPT_OUT = { origin: undefined, credentials: undefined };

describe.each([
  ['a stream', 'POST', '/probe', { count: 1 }],
  ['an answer of the agent', 'POST', '/invoke', { prompt: 'hi' }],
  ['an error of the function', 'POST', '/invoke', {}],
] as const)('%s', (_name, method, path, body) => {
  const ask = (origin: string): Promise<Answer> => send(method, chain.url + path, body, { Origin: origin });

  test('is for each origin of the list, and says that it depends on it', async () => {
    for (const origin of [A, B]) {
      const answer = await ask(origin);
      expect(corsOf(answer)).toEqual({ ...LET_IN, origin });
      expect(answer.headers['vary']).toBe('Origin');
      expect(answer.headers['access-control-expose-headers']).toContain('X-Session-Id');
    }
  });

  test('and for no other', async () => {
    const answer = await ask(STRANGER);
    expect(corsOf(answer)).toEqual(KEPT_OUT);
    expect(answer.headers['vary']).toBe('Origin');
  });
});

test('a preflight lets the same origins in', async () => {
  for (const origin of [A, B]) {
    const answer = await send('OPTIONS', `${chain.url}/invoke`, undefined, { Origin: origin });
    expect([answer.status, corsOf(answer)]).toEqual([204, { ...LET_IN, origin }]);
  }
  const answer = await send('OPTIONS', `${chain.url}/invoke`, undefined, { Origin: STRANGER });
  expect(corsOf(answer)).toMatchObject({ origin: undefined });
});

test('errors of the gateway itself never reflect who asks', async () => {
  const answer = await send('POST', `${chain.url}/nothing`, {}, { Origin: STRANGER });
  expect(corsOf(answer)).toEqual({ ...LET_IN, origin: A });
});
