import { expect, test } from 'vitest';
import { createThrottle, quotaPeriodStart } from '../../../../src/emulator/apigateway/front-door/throttle.ts';
import type { MethodSetting, Stage } from '../../../../src/emulator/apigateway/records/stage.ts';
import type { UsagePlan } from '../../../../src/emulator/apigateway/records/usage-plan.ts';
import { createHandClock } from '../../../helpers/hand-clock.ts';

const rates = (rate?: number, burst?: number): MethodSetting => ({
  metricsEnabled: false,
  loggingLevel: 'OFF',
  dataTraceEnabled: false,
  throttlingRateLimit: rate,
  throttlingBurstLimit: burst,
});

function create({
  settings = {},
  plan = {},
  account = { accountRateLimit: 1_000, accountBurstLimit: 1_000 },
}: {
  settings?: Record<string, MethodSetting>;
  plan?: Partial<UsagePlan>;
  account?: { accountRateLimit: number; accountBurstLimit: number };
} = {}) {
  const clock = createHandClock();
  const today = new Date('2026-11-25T23:59:00Z');
  const throttle = createThrottle(account, { now: clock.now, today: () => new Date(today) });
  const stage: Stage = {
    stageName: 'v1',
    deploymentId: 'd',
    description: undefined,
    variables: undefined,
    tracingEnabled: false,
    accessLogSettings: undefined,
    methodSettings: new Map(Object.entries(settings)),
    tags: {},
    createdDate: today,
    lastUpdatedDate: today,
  };
  const usagePlan: UsagePlan = {
    id: 'plan',
    name: 'plan',
    description: undefined,
    apiStages: [],
    throttle: undefined,
    quota: undefined,
    tags: {},
    keyIds: new Set(),
    ...plan,
  };
  const admit = ({ path = '/invoke', method = 'POST', key = '' } = {}): string => {
    try {
      throttle.admit({
        apiId: 'api',
        stage,
        resourcePath: path,
        httpMethod: method,
        client: key === '' ? undefined : { plan: usagePlan, keyId: key },
      });
      return 'ok';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const usage = (dates: readonly string[], key = 'a') => throttle.usage(usagePlan, key, dates.map(Date.parse));
  return { clock, today, admit, usage };
}

const TOO_MANY = 'Too Many Requests';
const EXCEEDED = 'Limit Exceeded';

test('each method has the rates of its stage for itself', () => {
  const { admit, clock } = create({ settings: { '*/*': rates(10, 2) } });
  expect([admit(), admit(), admit()]).toEqual(['ok', 'ok', TOO_MANY]);
  expect(admit({ method: 'DELETE' })).toBe('ok');
  expect(admit({ path: '/probe' })).toBe('ok');
  clock.pass(100);
  expect([admit(), admit()]).toEqual(['ok', TOO_MANY]);
});

test('a method’s own rates win, each for itself', () => {
  const { admit } = create({ settings: { '*/*': rates(10, 1), '~1invoke/POST': rates(undefined, 2) } });
  expect([admit(), admit(), admit()]).toEqual(['ok', 'ok', TOO_MANY]);
  expect([admit({ path: '/x' }), admit({ path: '/x' })]).toEqual(['ok', TOO_MANY]);
});

test('the account’s rates hold for all of it', () => {
  const { admit } = create({ account: { accountRateLimit: 1, accountBurstLimit: 2 } });
  expect([admit({ path: '/a' }), admit({ path: '/b' }), admit({ path: '/c' })]).toEqual(['ok', 'ok', TOO_MANY]);
});

test('a usage plan throttles each of its keys', () => {
  const { admit } = create({ plan: { throttle: { rateLimit: 1, burstLimit: 1 } } });
  expect([admit({ key: 'a' }), admit({ key: 'a' }), admit({ key: 'b' }), admit()]).toEqual(['ok', TOO_MANY, 'ok', 'ok']);
});

test('a quota counts what has passed, key by key, until its period ends', () => {
  const { admit, today } = create({ settings: { '*/*': rates(0, 3) }, plan: { quota: { limit: 2, offset: 0, period: 'DAY' } } });
  expect(admit({ path: '/x', key: 'a' })).toBe('ok');
  expect(admit({ key: 'a' })).toBe('ok');
  expect(admit({ key: 'a' })).toBe(EXCEEDED);
  expect(admit({ key: 'b' })).toBe('ok');
  today.setUTCMinutes(60);
  // What was refused has taken no token either: one of the three is left.
  expect([admit({ key: 'a' }), admit({ key: 'a' })]).toEqual(['ok', TOO_MANY]);
  // What was throttled has not been counted.
  expect(admit({ path: '/y', key: 'a' })).toBe('ok');
  expect(admit({ path: '/y', key: 'a' })).toBe(EXCEEDED);
});

test('an offset makes the first period shorter, and no other', () => {
  const { admit, today } = create({ plan: { quota: { limit: 2, offset: 1, period: 'DAY' } } });
  expect([admit({ key: 'a' }), admit({ key: 'a' })]).toEqual(['ok', EXCEEDED]);
  today.setUTCMinutes(60);
  expect([1, 2, 3].map(() => admit({ key: 'a' }))).toEqual(['ok', 'ok', EXCEEDED]);
});

test('the usage of a week: each day for itself, what remains by period, an offset in the first one only', () => {
  const { admit, today, usage } = create({ plan: { quota: { limit: 10, offset: 3, period: 'WEEK' } } });
  const counts = [2, 1, 0, 0, 4];
  for (const count of counts) {
    for (let index = 0; index < count; index += 1) admit({ key: 'a' });
    today.setUTCDate(today.getUTCDate() + 1);
  }
  const days = ['24', '25', '26', '27', '28', '29', '30'].map((day) => `2026-11-${day}`);
  expect(usage(days)).toEqual([
    [0, 7],
    [2, 5],
    [1, 4],
    [0, 4],
    [0, 4],
    [4, 6],
    [0, 6],
  ]);
  expect(usage(['2026-11-25'], 'b')).toEqual([[0, 7]]);
});

test.each([
  ['DAY', '2026-11-25T00:00:00Z'],
  ['WEEK', '2026-11-22T00:00:00Z'],
  ['MONTH', '2026-11-01T00:00:00Z'],
] as const)('a %s begins in UTC', (period, start) => {
  expect(new Date(quotaPeriodStart(period, new Date('2026-11-25T23:59:00Z')))).toEqual(new Date(start));
  expect(quotaPeriodStart('WEEK', new Date('2026-11-22T00:00:00Z'))).toBe(Date.parse('2026-11-22T00:00:00Z'));
});
