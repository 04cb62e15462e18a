import { expect, test } from 'vitest';
import type { EmulatorEvent } from '../../../src/emulator/kernel/emulator-event.ts';
import { createFaultInjector } from '../../../src/emulator/faults/fault-injector.ts';
import { parseFault } from '../../../src/emulator/faults/parse-fault.ts';

function create(...faults: string[]) {
  const events: EmulatorEvent[] = [];
  const injector = createFaultInjector({ faults: faults.map(parseFault), seed: 1, emit: (event) => events.push(event) });
  const agent = (accessKeyId = 'ASIA1', sessionId = 's') => injector.forAgent({ accessKeyId, sessionId })?.kind;
  const lambda = (requested?: string[]) => injector.forFunction(requested?.map(parseFault)).map(({ kind }) => kind);
  return { injector, events, agent, lambda };
}

test('gives each fault to the one that it concerns, and tells of it', () => {
  const { agent, lambda, events } = create('held', 'cut:2', 'buffered', 'empty');
  expect(agent()).toBe('cut');
  expect(lambda()).toEqual(['held', 'buffered']);
  expect(events).toEqual([
    { type: 'fault', fault: 'cut:2', place: 'agent' },
    { type: 'fault', fault: 'held:16384', place: 'function' },
    { type: 'fault', fault: 'buffered', place: 'function' },
  ]);
});

test('a request’s own faults take the place of all others, and go with its environment only', () => {
  const { injector, agent, lambda } = create('empty', 'held');
  expect(lambda(['crash'])).toEqual(['crash']);
  expect(lambda([])).toEqual([]);
  const disarm = injector.arm('ASIA1', [parseFault('throttle')]);
  const other = injector.arm('ASIA2', [parseFault('held')]);
  expect([agent('ASIA1'), agent('ASIA2'), agent('ASIA3')]).toEqual(['throttle', undefined, 'empty']);
  disarm();
  other();
  expect([agent('ASIA1'), agent('ASIA2')]).toEqual(['empty', 'empty']);
});

test('a share meets about that many, the same ones for the same seed', () => {
  const run = () => {
    const { agent } = create('throttle@20%');
    return Array.from({ length: 1_000 }, () => agent() === 'throttle');
  };
  const met = run();
  const count = met.filter(Boolean).length;
  expect(count).toBeGreaterThan(150);
  expect(count).toBeLessThan(250);
  expect(run()).toEqual(met);
  expect(create('throttle@0%').agent()).toBeUndefined();
});

test('a conflict ends after so many calls of a session', () => {
  const { agent, events } = create('conflict:2', 'empty');
  const calls = ['a', 'a', 'b', 'a', 'b', 'b'].map((session) => agent('ASIA1', session));
  expect(calls).toEqual(['conflict', 'conflict', 'conflict', 'empty', 'conflict', 'empty']);
  expect(events).toHaveLength(6);
});
