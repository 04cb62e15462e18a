import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientConfig, resolveAwsAccess } from '../../src/aws/aws-access.ts';
import { limitsOf } from '../../src/endpoint/connection.ts';
import { echoAgent } from '../../src/emulator/index.ts';
import { resolveEndpoint } from '../../src/endpoint/endpoint.ts';
import { openHop } from '../helpers/open-hop.ts';
import { type Chain, startChain } from '../helpers/chain.ts';

let chain: Chain;
beforeAll(async () => {
  chain = await startChain(echoAgent());
});
afterAll(() => chain.close());

const SCALE = { AGENTSTREAM_TIME_SCALE: '60' };

test('is read together with the address of an emulator, and only then', () => {
  const where = 'http://127.0.0.1:4747';
  expect(resolveAwsAccess({}, { ...SCALE, AWS_ENDPOINT_URL: where }).timeScale).toBe(60);
  expect(resolveAwsAccess({}, { ...SCALE, AGENTSTREAM_LOCAL: where }).timeScale).toBe(60);
  expect(resolveAwsAccess({ local: true }, SCALE).timeScale).toBe(60);
  expect(resolveAwsAccess({}, SCALE)).not.toHaveProperty('timeScale');
  expect(resolveAwsAccess({ local: true }, {})).not.toHaveProperty('timeScale');
  expect(clientConfig(resolveAwsAccess({ local: true }, SCALE))).not.toHaveProperty('timeScale');
});

test.each(['0', '0.5', 'sixty', 'NaN', 'Infinity'])('refuses %s', (text) => {
  expect(() => resolveAwsAccess({ local: true }, { AGENTSTREAM_TIME_SCALE: text })).toThrow(
    expect.objectContaining({ code: 'INVALID_TIME_SCALE', exitCode: 2 }) as Error,
  );
});

test.each([
  [{}, 300_000, 900_000],
  [SCALE, 5_000, 60_000],
  [{ AGENTSTREAM_TIME_SCALE: '3' }, 100_000, 300_000],
])('with %o the limits of a stream are %i and %i ms', async (env, idleLimitMs, streamLimitMs) => {
  const access = resolveAwsAccess({}, { ...chain.env, ...env });
  const query = { stackName: 'chain' };
  expect((await resolveEndpoint(query, access)).idleLimitMs).toBe(idleLimitMs);
  const connection = await openHop('api', query, access);
  expect(limitsOf(connection)).toEqual({ idleLimitMs, streamLimitMs });
  await connection.close();
});
