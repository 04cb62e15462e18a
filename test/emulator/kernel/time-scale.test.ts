import { expect, test } from 'vitest';
import { AGENT_CORE_LIMITS } from '../../../src/emulator/agentcore/limits.ts';
import { API_GATEWAY_LIMITS } from '../../../src/emulator/apigateway/limits.ts';
import { LAMBDA_LIMITS } from '../../../src/emulator/lambda/limits.ts';
import { LOGS_LIMITS } from '../../../src/emulator/logs/limits.ts';
import { resolveLimits } from '../../../src/emulator/service-limits.ts';
import { WAF_LIMITS } from '../../../src/emulator/wafv2/limits.ts';
import { scaleLength, scaleWait } from '../../../src/emulator/kernel/clock.ts';
import { scaleIdleLimit, scaleLengthLimit } from '../../../src/aws/limits.ts';

test('is AWS’s own time unless told otherwise', () => {
  expect(resolveLimits({})).toEqual({
    apiGateway: API_GATEWAY_LIMITS,
    lambda: LAMBDA_LIMITS,
    agentCore: AGENT_CORE_LIMITS,
    logs: LOGS_LIMITS,
    waf: WAF_LIMITS,
  });
});

test('divides what is waited for, leaves an answer its minute, and nothing else changes', () => {
  const { apiGateway, lambda, agentCore, waf } = resolveLimits({ timeScale: 60 });
  expect(waf).toEqual({ ...WAF_LIMITS, timeScale: 60 });
  expect(apiGateway).toEqual({
    ...API_GATEWAY_LIMITS,
    timeScale: 60,
    idleTimeoutMs: { REGIONAL: 5_000, PRIVATE: 5_000, EDGE: 500 },
    streamDurationMs: 60_000,
  });
  expect(lambda).toEqual({ ...LAMBDA_LIMITS, timeScale: 60, maxTimeoutMs: 60_000, environmentIdleMs: 5_000 });
  expect(agentCore).toEqual({
    ...AGENT_CORE_LIMITS,
    timeScale: 60,
    idleSessionMs: 15_000,
    sessionLifetimeMs: 480_000,
    streamDurationMs: 60_000,
    requestTimeoutMs: 60_000,
  });
});

test('scales what a user has set, too', () => {
  const { apiGateway, lambda } = resolveLimits({
    timeScale: 10,
    apiGateway: { streamDurationMs: 3_000_000, idleTimeoutMs: { REGIONAL: 50, PRIVATE: 1, EDGE: 1 } },
    lambda: { maxTimeoutMs: 200 },
  });
  expect([apiGateway.streamDurationMs, apiGateway.idleTimeoutMs.REGIONAL]).toEqual([300_000, 5]);
  expect(lambda.maxTimeoutMs).toBe(200);
});

test.each([0, 0.5, -1, Number.NaN, Infinity])('refuses the scale %s', (timeScale) => {
  expect(() => resolveLimits({ timeScale })).toThrow(RangeError);
});

// The emulator imports nothing of the clients, nor they of it: what they both say has to be the same.
test.each([1, 2, 60, 300])('clients at the scale %s know the same limits', (timeScale) => {
  for (const ms of [100, 29_000, 60_000, 300_000, 900_000, 3_600_000]) {
    expect(scaleIdleLimit(ms, timeScale)).toBe(scaleWait(ms, timeScale));
    expect(scaleLengthLimit(ms, timeScale)).toBe(scaleLength(ms, timeScale));
  }
});
