import { expect, test } from 'vitest';
import { type Fault, FAULT_KINDS, formatFault } from '../../../src/emulator/faults/fault.ts';
import { parseFault, parseFaults } from '../../../src/emulator/faults/parse-fault.ts';

const CASES: readonly [text: string, fault: Fault, canonical: string][] = [
  ['cut:3', { kind: 'cut', events: 3 }, 'cut:3'],
  ['stall:20s', { kind: 'stall', ms: 20_000, events: 1 }, 'stall:20s:1'],
  ['stall:1.5s:0', { kind: 'stall', ms: 1_500, events: 0 }, 'stall:1500ms:0'],
  ['slow-first:40s', { kind: 'slow-first', ms: 40_000 }, 'slow-first:40s'],
  ['throttle', { kind: 'throttle' }, 'throttle'],
  ['denied', { kind: 'denied' }, 'denied'],
  ['not-found', { kind: 'not-found' }, 'not-found'],
  ['conflict', { kind: 'conflict' }, 'conflict'],
  ['conflict:2', { kind: 'conflict', calls: 2 }, 'conflict:2'],
  ['error:503', { kind: 'error', status: 503 }, 'error:503'],
  ['empty', { kind: 'empty' }, 'empty'],
  ['huge:65536', { kind: 'huge', bytes: 65_536 }, 'huge:65536'],
  ['huge:8MB', { kind: 'huge', bytes: 8_000_000 }, 'huge:8000000'],
  ['malformed', { kind: 'malformed' }, 'malformed'],
  ['crash', { kind: 'crash', writes: 3 }, 'crash:3'],
  ['crash:7', { kind: 'crash', writes: 7 }, 'crash:7'],
  ['held', { kind: 'held', bytes: 16_384 }, 'held:16384'],
  ['held:4kB', { kind: 'held', bytes: 4_000 }, 'held:4000'],
  ['held-until', { kind: 'held-until', bytes: 100_000 }, 'held-until:100000'],
  ['joined-head@15%', { kind: 'joined-head', share: 0.15 }, 'joined-head@15%'],
  ['buffered', { kind: 'buffered' }, 'buffered'],
  ['throttle@20%', { kind: 'throttle', share: 0.2 }, 'throttle@20%'],
  ['stall:2m:4@0.5%', { kind: 'stall', ms: 120_000, events: 4, share: 0.005 }, 'stall:120s:4@0.5%'],
];

test.each(CASES)('reads %s', (text, fault, canonical) => {
  expect(parseFault(text)).toEqual(fault);
  expect(formatFault(fault)).toBe(canonical);
  expect(parseFault(canonical)).toEqual(fault);
});

test('every kind of the help is one, and every kind is in the help', () => {
  const kinds = FAULT_KINDS.map(([usage]) => /^[a-z-]+/.exec(usage)?.[0]);
  expect(new Set(CASES.map(([, { kind }]) => kind))).toEqual(new Set(kinds));
});

test('reads several', () => {
  expect(parseFaults('held, stall:1s')).toEqual([
    { kind: 'held', bytes: 16_384 },
    { kind: 'stall', ms: 1_000, events: 1 },
  ]);
});

test.each([
  ['', 'no kind'],
  ['explode', 'no such kind: explode'],
  ['cut', 'cut takes a number'],
  ['cut:x', 'x is not a number'],
  ['cut:1:2', 'cut takes no 2'],
  ['stall', 'stall takes a time such as 500ms or 20s'],
  ['stall:20', '20 is not a time such as 500ms or 20s'],
  ['huge:8TB', '8TB is not a size such as 65536, 64kB or 8MB'],
  ['error:418', "AgentCore's errors have the statuses 400, 401, 402, 403, 404, 409, 424"],
  ['throttle@2', 'a share is written 0% to 100%'],
  ['throttle@101%', 'a share is written 0% to 100%'],
  ['throttle@1%@1%', 'one @ at most'],
])('refuses %j: %s', (text, problem) => {
  expect(() => parseFault(text)).toThrow(
    expect.objectContaining({ name: 'InvalidFaultError', message: expect.stringContaining(problem) as string }) as Error,
  );
  expect(() => parseFault(text)).toThrow(/; kinds: cut:N, stall:TIME\[:N\], .*, buffered$/);
});
