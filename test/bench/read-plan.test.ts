import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addBenchFlags, type BenchFlags } from '../../src/bench/flags.ts';
import { paceToStack, readPlan } from '../../src/bench/read-plan.ts';
import type { BenchPlan } from '../../src/bench/run/plan.ts';

/** The plan of a command line. */
function planOf(line: string, stackTurnsPerSecond?: number): BenchPlan {
  const command = addBenchFlags(new Command('bench')).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  command.parse(line.split(' ').filter(Boolean), { from: 'user' });
  const flags = command.opts<BenchFlags>();
  return paceToStack(readPlan(flags), flags.ignoreLimits ? undefined : stackTurnsPerSecond);
}

describe('readPlan', () => {
  it('sends 25 turns one after another when nothing is said', () => {
    const plan = planOf('');
    expect(plan.load).toEqual({ model: 'closed', arrival: 'constant', startLevel: 1, stages: [], turns: 25 });
    expect(plan.hops).toEqual(['api']);
    expect(plan.session).toEqual({ type: 'per-vu' });
    expect(plan.conversations).toHaveLength(1);
    expect(plan.paces).toEqual({ turnsPerSecond: 200, newSessionsPerMinute: 400 });
  });

  it('takes a duration as one level stage', () => {
    expect(planOf('--vus 5 --duration 30s').load).toMatchObject({
      model: 'closed',
      startLevel: 5,
      stages: [{ durationMs: 30_000, level: 5 }],
    });
    expect(planOf('--vus 5 --duration 30s').load).not.toHaveProperty('turns');
    expect(planOf('--rate 2.5 --duration 1m').load).toMatchObject({ model: 'open', arrival: 'constant', startLevel: 2.5 });
    expect(planOf('--poisson 2 --requests 20').load).toMatchObject({ model: 'open', arrival: 'poisson', stages: [], turns: 20 });
  });

  it('knows the short flags of oha and autocannon', () => {
    expect(planOf('-c 5 -n 30').load).toMatchObject({ startLevel: 5, turns: 30 });
    for (const flag of ['-d', '-z']) expect(planOf(`-c 5 ${flag} 30s`).load).toEqual(planOf('--vus 5 --duration 30s').load);
  });

  it.each([
    ['--threshold ttfb.p95<800ms', 25],
    ['--threshold ttfb.p99<800ms', 115],
    ['--threshold maxGap.p99<60s', 110],
    ['--threshold ttfb.p95<800ms --vus 20', 45],
    ['--threshold ttfb.p95<800ms --probe', 25],
    ['--threshold gap.p99<1s --threshold ok>=99%', 25],
    ['--threshold ttfb.max<800ms -n 1', 1],
  ])('sends as many turns as thresholds need: %s', (line, turns) => {
    expect(planOf(line).load.turns).toBe(turns);
  });

  it.each([
    ['--threshold ttfb.p95<800ms -n 10', '21 turns to each hop, and the load has 10', '--requests 25'],
    ['--threshold ttfb.p95<800ms -n 25 -c 20', '40 turns to each hop, and the load has 25', '--requests 45'],
    ['--threshold maxGap.p99<60s --rate 2 -d 30s', '100 turns to each hop, and the load has 60', 'a longer run'],
    ['--threshold maxGap.p99<60s --rate 2 -d 30s --hop api,lambda', '100 turns to each hop, and the load has 30', 'a longer run'],
    ['--threshold ttfb{lambda}<1s', 'the run does not go through lambda', '--hop api,lambda'],
    ['--threshold streaming>=90%', 'only a probe tells', '--probe'],
  ])('refuses a threshold that the plan cannot judge, with what would do: %s', (line, message, advice) => {
    expect(() => planOf(line)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), hint: expect.stringContaining(advice) }),
    );
  });

  it('takes stages in their order, from nothing or from a level', () => {
    expect(planOf('--stage 30s:50 --stage 2m:50 --stage 10s:0').load).toMatchObject({
      model: 'closed',
      startLevel: 0,
      stages: [
        { durationMs: 30_000, level: 50 },
        { durationMs: 120_000, level: 50 },
        { durationMs: 10_000, level: 0 },
      ],
    });
    expect(planOf('--rate 1 --stage 10s:20').load).toMatchObject({ model: 'open', startLevel: 1 });
  });

  it('puts hops into the order of the way, each once', () => {
    expect(planOf('--hop agentcore,api,agentcore').hops).toEqual(['api', 'agentcore']);
  });

  it('reads the settings of the probe, with the defaults for the rest', () => {
    expect(planOf('--probe').probe).toMatchObject({ count: 20, interval_ms: 100 });
    expect(planOf('--probe count=50,interval=20ms,first=1s').probe).toEqual({
      count: 50,
      interval_ms: 20,
      size_bytes: 0,
      first_delay_ms: 1_000,
    });
  });

  it('stays below what the stack allows, each hop having its share', () => {
    expect(planOf('', 10).paces.turnsPerSecond).toBe(10);
    expect(planOf('--hop api,lambda', 10).paces.turnsPerSecond).toBe(20);
    expect(planOf('--hop lambda', 10).paces.turnsPerSecond).toBe(200);
    expect(planOf('--probe', 10).paces).toEqual({ turnsPerSecond: 10 });
    // The call that stops a session counts, too.
    expect(planOf('--session new', 10).paces.turnsPerSecond).toBe(5);
    expect(planOf('--session new --keep-sessions', 10).paces.turnsPerSecond).toBe(10);
    expect(planOf('--ignore-limits', 10).paces).toEqual({});
  });

  it('gives the same seed back, and another each time when none is given', () => {
    expect(planOf('--seed 7').seed).toBe(7);
    expect(planOf('').seed).not.toBe(planOf('').seed);
  });

  it.each([
    ['--vus 2 --rate 3', 'exclude each other'],
    ['--stage 30s:5 --duration 10s', 'exclude each other'],
    ['--prompt hi --probe', 'exclude each other'],
    ['--duration 0', 'nothing would be sent'],
    ['--vus 0', 'nothing would be sent'],
    ['--stage 30s:0', 'nothing would be sent'],
    ['--stage 30s', 'not a stage'],
    ['--stage soon:5', '--stage takes a time'],
    ['--rate many', 'not a rate'],
    ['--hop api,cdn', 'not a hop: cdn'],
    ['--session sometimes', 'not a session policy'],
    ['--session resume:', 'not a session policy'],
    ['--probe size=70000', 'whole number from 0 to 65536'],
    ['--probe speed=3', 'not a setting of the probe'],
    ['--probe --hop agentcore', 'made by the function'],
    ['--rate 201', 'above the limit of 200'],
    ['--rate 7 --session new', '420 new sessions per minute'],
    ['--budget lots', 'not an amount'],
  ])('refuses %s', (line, message) => {
    expect(() => planOf(line)).toThrow(message);
  });

  it('lets a rate above the limits pass when told so', () => {
    expect(planOf('--rate 300 --session new --ignore-limits').load.startLevel).toBe(300);
  });
});
