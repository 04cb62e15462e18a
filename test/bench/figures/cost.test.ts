import { describe, expect, test } from 'vitest';
import { costOf, LIST_PRICES, overridePrices, sumUsage, usageOf } from '../../../src/bench/figures/cost.ts';
import { estimateCost } from '../../../src/bench/spending.ts';
import type { PriceTable } from '../../../src/bench/figures/report-schema.ts';
import { summarize } from '../../../src/bench/figures/summarize.ts';
import type { TurnRecord } from '../../../src/bench/run/turn-record.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { IDLE_CLIENT, runFacts, turnRecord } from '../../helpers/turn-record.ts';
import type { Cost } from '../../../src/bench/figures/report.ts';

/** Of a size at which every sum can be done in the head. */
const PRICES: PriceTable = {
  ...LIST_PRICES,
  apiGatewayRequest: 1,
  lambdaRequest: 10,
  lambdaGbSecond: 100,
  lambdaStreamedGb: 1_000,
  dataTransferGb: 10_000,
  agentCoreVcpuHour: 3_600,
  agentCoreGbHour: 7_200,
};
const hops = (['api', 'lambda', 'agentcore'] as const).map((hop) => ({ hop, memoryMb: 1_024 }));
const amounts = (cost: Cost): Record<string, number> =>
  Object.fromEntries(cost.parts.map(({ name, amount }) => [name, Number(amount.toFixed(6))]));
const AGENT = 'AgentCore, if it kept 1 vCPU and 1 GB busy all the time';
/** Two seconds, half a gigabyte. */
const large = (facts: Partial<TurnRecord>): TurnRecord =>
  turnRecord(facts, { readMs: [1_000, 2_000], bytesPerRead: 250_000_000 });

test.each([
  [
    'api',
    {
      'API Gateway requests': 50,
      'Lambda requests': 10,
      'Lambda duration': 200,
      'Lambda streamed past 6 MB': 494,
      'data transfer out': 5_000,
      [AGENT]: 6,
    },
  ],
  [
    'lambda',
    { 'Lambda requests': 10, 'Lambda duration': 200, 'Lambda streamed past 6 MB': 494, 'data transfer out': 5_000, [AGENT]: 6 },
  ],
  ['agentcore', { 'data transfer out': 5_000, [AGENT]: 6 }],
] as const)('a turn over %s', (hop, expected) => {
  const cost = costOf(usageOf([large({ hop })], hops, false), PRICES);
  expect(amounts(cost)).toEqual(expected);
  expect(cost.total).toBeCloseTo(
    Object.values<number>(expected).reduce((a, b) => a + b),
    6,
  );
  expect(cost.perThousandTurns).toBeCloseTo(1_000 * cost.total, 6);
});

test.each([
  [0, 1],
  [10_000_000, 1],
  [10_000_001, 2],
  [20_000_000, 2],
])('an answer of %i bytes is %i requests of API Gateway', (bytesPerRead, requests) => {
  const usage = usageOf([turnRecord({}, { readMs: [1], bytesPerRead })], hops, false);
  expect(usage.apiGatewayRequests).toBe(requests);
});

test('the start of an environment is in the time of its turn already', () => {
  const turn = turnRecord({ class: 'cold', initMs: 400 }, { readMs: [1_000] });
  expect(usageOf([turn], hops, false).lambdaMbMs).toBe(1_024 * 1_000);
});

test('a probe has no agent, a refusal no function, a connection that failed nothing', () => {
  const turn = turnRecord({}, { readMs: [1_000] });
  expect(usageOf([turn], hops, true)).toMatchObject({ lambdaRequests: 1, agentMs: 0 });
  const refused = turnRecord({ outcome: 'gateway-error', status: 403 }, { readMs: [9] });
  expect(usageOf([refused], hops, false)).toMatchObject({ apiGatewayRequests: 1, lambdaRequests: 0, lambdaMbMs: 0, agentMs: 0 });
  const timedOut = turnRecord({ outcome: 'gateway-error', status: 504 }, { readMs: [29_000] });
  expect(usageOf([timedOut], hops, false).lambdaRequests).toBe(1);
  for (const code of ['CONNECT_FAILED', 'CONNECT_TIMEOUT']) {
    expect(usageOf([turnRecord({ outcome: 'reset', code }, { readMs: [] })], hops, false).turns).toBe(0);
  }
});

test('what is left out is said', () => {
  const left = (facts: Partial<TurnRecord>, { isProbe = false, prices = PRICES } = {}) =>
    costOf(usageOf([turnRecord(facts)], hops, isProbe), prices).leftOut.join('\n');
  expect(left({})).toContain("the model's tokens: the streams did not report them");
  expect(left({ tokens: { input: 1_200, output: 34 } })).toContain('(1,200 in, 34 out) is not known');
  expect(left({}, { isProbe: true })).not.toMatch(/token|AgentCore/);
  expect(left({ outcome: 'unfinished' })).toContain('1 stream left or cut before the end');
  expect(left({ outcome: 'idle-cut' })).toContain('1 stream left or cut before the end');
  expect(left({ outcome: 'reset' })).not.toContain('left or cut');
  for (const hop of ['api', 'lambda'] as const) expect(left({ hop })).toContain('logs, and services beside the stream');
  expect(left({ hop: 'agentcore' })).not.toContain('beside the stream');
  const unknown = usageOf([turnRecord()], [{ hop: 'api' }], false);
  expect(costOf(unknown, PRICES).leftOut.join('\n')).toContain('512 MB are assumed');
  expect(unknown.lambdaMbMs).toBe(512 * 110);
});

test.each([
  [0.012_345, '0.0123 GB'],
  [2, '2 GB'],
  [9.876, '9.88 GB'],
  [10.4, '10 GB'],
  [1_234.5, '1,235 GB'],
])('%f GB are shown as %s', (gigabytes, quantity) => {
  const usage = { ...usageOf([turnRecord()], hops, true), transferBytes: gigabytes * 1e9 };
  expect(costOf(usage, PRICES).parts).toContainEqual(expect.objectContaining({ name: 'data transfer out', quantity }));
});

const BESIDE = 'logs, and services beside the stream: authorizer, firewall, tracing';
const SESSIONS =
  'what AgentCore charges for a session between its turns and until it ends, and CPU or memory past 1 vCPU and 1 GB';

test.each<[string, Partial<TurnRecord>, boolean, readonly (string | RegExp)[]]>([
  ['a turn without tokens', {}, false, ["the model's tokens: the streams did not report them", SESSIONS, BESIDE]],
  [
    'a turn with input alone',
    { tokens: { input: 1, output: 0 } },
    false,
    [/tokens \(1 in, 0 out\) is not known/, SESSIONS, BESIDE],
  ],
  [
    'a turn with output alone',
    { tokens: { input: 0, output: 1 } },
    false,
    [/tokens \(0 in, 1 out\) is not known/, SESSIONS, BESIDE],
  ],
  ['a probe', {}, true, [BESIDE]],
  ...(['unfinished', 'cancelled', 'client-timeout', 'idle-cut'] as const).map(
    (outcome): [string, Partial<TurnRecord>, boolean, readonly (string | RegExp)[]] => [
      `a probe that ends as ${outcome}`,
      { outcome },
      true,
      [/^1 stream left or cut/, BESIDE],
    ],
  ),
])('just this is left out of the cost of %s', (_name, facts, isProbe, sentences) => {
  const { leftOut } = costOf(usageOf([turnRecord(facts)], hops, isProbe), PRICES);
  expect(leftOut).toEqual(sentences.map((one) => (typeof one === 'string' ? one : (expect.stringMatching(one) as string))));
});

test('a million turns at list prices', () => {
  const usage = {
    ...sumUsage([]),
    turns: 1e6,
    apiGatewayRequests: 1e6,
    lambdaRequests: 1e6,
    lambdaMbMs: 1e6 * 1_024 * 1_000,
    lambdaStreamedBytes: 1e9,
    transferBytes: 1e9,
    agentMs: 3_600_000,
    inputTokens: 1e6,
    outputTokens: 1e6,
  };
  const prices = overridePrices(LIST_PRICES, ['inputTokensMillion=3']);
  expect(costOf(usage, prices, 10).parts).toEqual([
    { name: 'API Gateway requests', amount: expect.closeTo(3.5) as number, quantity: '1,000,000 requests' },
    { name: 'Lambda requests', amount: expect.closeTo(0.2) as number, quantity: '1,000,000 requests' },
    { name: 'Lambda duration', amount: expect.closeTo(13.3334, 6) as number, quantity: '1,000,000 GB-seconds' },
    { name: 'Lambda streamed past 6 MB', amount: 0.008, quantity: '1 GB' },
    { name: 'data transfer out', amount: 0.09, quantity: '1 GB' },
    { name: AGENT, amount: expect.closeTo(0.09895, 6) as number, quantity: '3,600 seconds of streams' },
    { name: "the model's tokens", amount: 3, quantity: '1,000,000 in, 1,000,000 out' },
  ]);
  expect(LIST_PRICES).toMatchObject({ inputTokensMillion: 0, outputTokensMillion: 0 });
  expect(costOf(usage, prices, 0)).not.toHaveProperty('perGoodStream');
});

test('usages are added up, each so many times; none is nothing', () => {
  const one = usageOf([turnRecord({ tokens: { input: 2, output: 3 } })], [{ hop: 'api' }], false);
  expect(sumUsage([one, one], [1, 2])).toEqual(Object.fromEntries(Object.entries(one).map(([name, value]) => [name, 3 * value])));
  expect(sumUsage([one])).toEqual(one);
  expect(new Set(Object.values(sumUsage([])))).toEqual(new Set([0]));
});

test.each([
  ['api', undefined, 1],
  ['api', 1_024, 0],
  ['lambda', undefined, 1],
  ['agentcore', undefined, 0],
] as const)('the memory of a function behind %s with %s MB is assumed for %i turns', (hop, memoryMb, assumed) => {
  expect(usageOf([turnRecord({ hop })], [{ hop, ...(memoryMb && { memoryMb }) }], false).assumedMemory).toBe(assumed);
});

test.each([
  [1_234.5, '1.24 GB-seconds'],
  [12_345, '12 GB-seconds'],
  [2_000, '2 GB-seconds'],
])('%i ms of a function with 1 GB are %s', (readMs, quantity) => {
  const { parts } = costOf(usageOf([turnRecord({}, { readMs: [readMs] })], hops, false), PRICES);
  expect(parts.find(({ name }) => name === 'Lambda duration')?.quantity).toBe(quantity);
});

test('tokens that the stream reports are priced where the price is known', () => {
  const prices = overridePrices(PRICES, ['inputTokensMillion=3', 'outputTokensMillion=15']);
  const usage = usageOf([turnRecord({ tokens: { input: 2e6, output: 1e6 } })], hops, false);
  const cost = costOf(usage, prices);
  expect(amounts(cost)["the model's tokens"]).toBe(21);
  expect(cost.leftOut.join('\n')).not.toContain('token');
});

test('a run costs what all of its turns cost, and a good stream its share of that', () => {
  const turns = [
    turnRecord({ index: 0, phase: 'pilot' }),
    turnRecord({ index: 1, phase: 'warmup' }),
    turnRecord({ index: 2 }),
    turnRecord({ index: 3, outcome: 'reset' }),
  ];
  const run = runFacts({ prices: PRICES });
  const { cost } = summarize({ run, clients: [IDLE_CLIENT], turns });
  expect(amounts(cost)).toMatchObject({ 'API Gateway requests': 4, 'Lambda requests': 40 });
  expect(cost.perGoodStream).toBeCloseTo(cost.total / 3, 9);
  expect(cost.perThousandTurns).toBeCloseTo((1_000 * cost.total) / 4, 9);
  expect(summarize({ run, clients: [IDLE_CLIENT], turns: [] }).cost).toMatchObject({ total: 0, perThousandTurns: 0, parts: [] });
});

describe('before the run', () => {
  const pilots = [
    turnRecord({ phase: 'pilot' }, { readMs: [500, 1_000] }),
    turnRecord({ phase: 'pilot', hop: 'lambda' }, { readMs: [500, 3_000] }),
  ];
  const both = { hops: ['api', 'lambda'] } as const;
  const turnsOf = (...plan: Parameters<typeof loadPlan>) => estimateCost(loadPlan(...plan), pilots, hops, PRICES)?.turns;

  test('by number: that many to each hop', () => {
    expect(turnsOf({ turns: 25 }, both)).toBe(50);
  });

  test('closed: as many as the virtual users can send, at the pace of the pilots', () => {
    // A turn takes 2 s on average over both hops.
    const minute = { stages: [{ durationMs: 60_000, level: 10 }], startLevel: 10 };
    expect(turnsOf(minute, both)).toBe(300);
    expect(turnsOf(minute, { ...both, warmupMs: 20_000 })).toBe(400);
    expect(turnsOf({ ...minute, startLevel: 0 }, both)).toBe(150);
    expect(turnsOf({ ...minute, turns: 20 }, both)).toBe(40);
    expect(turnsOf(minute, { ...both, paces: { turnsPerSecond: 1 } })).toBe(60);
  });

  test('open: by the schedule', () => {
    const stages = [
      { durationMs: 10_000, level: 20 },
      { durationMs: 30_000, level: 20 },
    ];
    expect(turnsOf({ model: 'open', startLevel: 0, stages }, both)).toBe(700);
  });

  test('each turn costs what the pilot of its hop did', () => {
    const { cost } = estimateCost(loadPlan({ turns: 10 }, both), pilots, hops, PRICES) ?? {};
    expect(cost && amounts(cost)).toMatchObject({
      'API Gateway requests': 10,
      'Lambda requests': 200,
      'Lambda duration': 10 * 100 + 10 * 300,
    });
    expect(cost).not.toHaveProperty('perGoodStream');
  });

  test('a hop without a pilot cannot be estimated', () => {
    const plan = loadPlan({ turns: 10 }, { hops: ['api', 'agentcore'] });
    expect(estimateCost(plan, pilots, hops, PRICES)).toBeUndefined();
  });
});

describe('prices', () => {
  test('are replaced by name', () => {
    const prices = overridePrices(LIST_PRICES, ['lambdaGbSecond=0.00002', ' dataTransferGb = 5e-2 ']);
    expect(prices).toEqual({ ...LIST_PRICES, lambdaGbSecond: 0.00002, dataTransferGb: 0.05 });
  });

  test.each([
    '',
    'lambdaGbSecond',
    'lambdaGbSecond=',
    'lambdaGbSecond=-1',
    'lambda=1',
    'asOf=1',
    'lambdaGbSecond=1x',
    'toString=1',
  ])('%j is refused, with the names', (override) => {
    expect(() => overridePrices(LIST_PRICES, [override])).toThrow(
      expect.objectContaining({ code: 'INVALID_PRICE', hint: expect.stringContaining('apiGatewayRequest') }),
    );
  });
});
