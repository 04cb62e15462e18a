import { afterEach, expect, test } from 'vitest';
import { echoAgent } from '../../../../src/emulator/index.ts';
import { type Chain, type ChainOptions, startChain } from '../../../helpers/chain.ts';
import { send } from '../../../helpers/post.ts';

const ORIGIN = 'https://app.example';
let chain: Chain;
afterEach(() => chain.close());

async function start(parameters: Record<string, string> = {}, options: ChainOptions = {}) {
  chain = await startChain(echoAgent(), { ...options, parameters: { CorsOrigins: ORIGIN, ...parameters } });
}
/** Status, who says it, and whether a page of the origin may read it. */
const post = async (path: string, body: unknown = { prompt: 'hi' }) => {
  const { status, headers, text } = await send('POST', `${chain.url}${path}`, body);
  return [status, headers['x-amzn-errortype'], headers['access-control-allow-origin'], text];
};

test('a page can read 403 of a missing key and of an unknown path', async () => {
  await start({ AuthMode: 'api-key' });
  expect(await post('/invoke')).toEqual([403, 'ForbiddenException', ORIGIN, '{"message":"Forbidden"}']);
  expect((await post('/nowhere')).slice(0, 3)).toEqual([403, 'MissingAuthenticationTokenException', ORIGIN]);
});

test('a page can read 429', async () => {
  await start({ RateLimit: '0', BurstLimit: '1' });
  expect((await post('/invoke'))[0]).toBe(200);
  expect(await post('/invoke')).toEqual([429, 'TooManyRequestsException', ORIGIN, '{"message":"Too Many Requests"}']);
});

test('a page can read 504 of a function that is silent from the start', async () => {
  await start(
    { HeartbeatMs: '0' },
    {
      faults: [{ kind: 'slow-first', ms: 3_600_000 }],
      apiGateway: { idleTimeoutMs: { REGIONAL: 300, PRIVATE: 1e6, EDGE: 1e6 } },
    },
  );
  expect(await post('/invoke')).toEqual([
    504,
    'InternalServerErrorException',
    ORIGIN,
    '{"message":"Endpoint request timed out"}',
  ]);
});

test('a page can read 502 of a function that fails before its prelude', async () => {
  await start({}, { faults: [{ kind: 'crash', writes: 1 }] });
  expect((await post('/invoke')).slice(0, 3)).toEqual([502, 'InternalServerErrorException', ORIGIN]);
});

test('413 comes before all that an API may change', async () => {
  await start({}, { apiGateway: { requestBytes: 100 } });
  expect((await post('/invoke', 'x'.repeat(101))).slice(0, 3)).toEqual([413, 'RequestEntityTooLargeException', undefined]);
});

test('without an origin no header says that a page may read', async () => {
  await start({ CorsOrigins: '', RateLimit: '0', BurstLimit: '0' });
  expect((await post('/invoke')).slice(0, 3)).toEqual([429, 'TooManyRequestsException', undefined]);
});
