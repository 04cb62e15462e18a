import { expect, test } from 'vitest';
import { createLiveReporter, liveLines } from '../../../src/stack/report/live-reporter.ts';
import { countProgress } from '../../../src/stack/stack-report.ts';
import { createMemoryTerminal } from '../../helpers/memory-terminal.ts';
import { COLOURED, PLAIN } from '../../helpers/plain-style.ts';
import { createScreen } from '../../helpers/screen.ts';
import { stackEvent } from '../../helpers/stack-events.ts';

const NOW = new Date(65_000);
const at = (seconds: number) => ({ at: new Date(seconds * 1_000) });

function counted(expected: number, ...events: ReturnType<typeof stackEvent>[]) {
  const counter = countProgress(expected);
  for (const { event } of events) counter.add(event);
  return counter.now();
}

const draw = (progress: ReturnType<typeof counted>, size = { columns: 80, rows: 20 }, style = PLAIN): string[] =>
  liveLines({ progress, step: 'creating the stack', elapsedMs: 65_000, now: NOW }, size, style).map(({ text, paint }) =>
    paint(text),
  );

test('a bar with what is done; below it only what is in flight, with how long it has been', () => {
  const progress = counted(
    4,
    stackEvent('agentstream', 'CREATE_IN_PROGRESS', 'User Initiated', { isStack: true }),
    stackEvent('A', 'CREATE_IN_PROGRESS', undefined, at(1)),
    stackEvent('B', 'CREATE_IN_PROGRESS', undefined, at(2)),
    stackEvent('A', 'CREATE_COMPLETE', undefined, at(3)),
    stackEvent('B', 'CREATE_IN_PROGRESS', 'Resource creation Initiated', at(4)),
  );
  expect(draw(progress)).toEqual([
    '▕██████                  ▏ 1/4  creating the stack  1 min 05 s',
    '  CREATE_IN_PROGRESS   AWS::Test::Thing  B  1 min 03 s',
  ]);
});

test('a failure in red with its reason, wrapped, while the rollback goes on; echoes are left out', () => {
  const progress = counted(
    3,
    stackEvent('A', 'CREATE_IN_PROGRESS'),
    stackEvent('B', 'CREATE_IN_PROGRESS'),
    stackEvent('C', 'CREATE_IN_PROGRESS'),
    stackEvent('A', 'CREATE_COMPLETE'),
    stackEvent('B', 'CREATE_FAILED', 'The account has no room for another function.'),
    stackEvent('C', 'CREATE_FAILED', 'Resource creation cancelled'),
    stackEvent('agentstream', 'ROLLBACK_IN_PROGRESS', 'x', { isStack: true }),
    stackEvent('A', 'DELETE_IN_PROGRESS', undefined, at(60)),
    stackEvent('C', 'DELETE_COMPLETE'),
  );
  expect(draw(progress, { columns: 40, rows: 20 })).toEqual([
    '▕██    ▏ 1/3  rolling back  1 min 05 s',
    '  CREATE_FAILED        AWS::Test::Thing  B',
    '    The account has no room for another',
    '    function.',
    '  DELETE_IN_PROGRESS   AWS::Test::Thing  A  5 s',
  ]);
  const coloured = draw(progress, { columns: 80, rows: 20 }, COLOURED);
  expect(coloured[0]).toContain('\u001B[33m');
  expect(coloured[1]).toContain('\u001B[31m  CREATE_FAILED');
  expect(coloured[2]).toContain('\u001B[31m    The account has no room');
});

test('never higher than the terminal', () => {
  const names = Array.from({ length: 30 }, (_, index) => `R${index}`);
  const progress = counted(30, ...names.map((name) => stackEvent(name, 'CREATE_IN_PROGRESS')));
  const lines = draw(progress, { columns: 80, rows: 6 });
  expect(lines).toHaveLength(6);
  expect(lines.at(-1)).toBe('  and 26 more lines');
});

test('a bar fills by eighths of a cell, and is full at the end', () => {
  const done = (count: number) =>
    counted(7, ...Array.from({ length: count }, (_, index) => stackEvent(`R${index}`, 'CREATE_COMPLETE')));
  expect(draw(done(0))[0]).toMatch(/^▕ {24}▏ 0\/7/);
  expect(draw(done(1))[0]).toMatch(/^▕███▍ {20}▏ 1\/7/);
  expect(draw(done(7))[0]).toMatch(/^▕█{24}▏ 7\/7/);
  expect(draw(counted(0, stackEvent('A', 'DELETE_COMPLETE')))[0]).toMatch(/^1 done {2}/);
});

test('an escape sequence in a reason is not obeyed', () => {
  const hostile = 'no \u001B]52;c;aGk=\u0007\u009B2J\u202E';
  const lines = draw(counted(1, stackEvent('A', 'CREATE_FAILED', hostile)));
  expect(lines.join('\n')).toContain('no \uFFFD]52;c;aGk=\uFFFD\uFFFD2J\uFFFD');
});

test('lines that stay are written above the block; the end takes the block away', async () => {
  const screen = createScreen(80);
  const reporter = await createLiveReporter({ ...createMemoryTerminal({ isTTY: true }), stderr: screen.output }, false);
  reporter.report({ type: 'step', text: 'creating the stack' });
  reporter.report({ type: 'begun', resources: 2 });
  reporter.report(stackEvent('A', 'CREATE_IN_PROGRESS'));
  const bar = /^▕ {24}▏ 0\/2 {2}creating the stack {2}\d+ s$/;
  const row = /^ {2}CREATE_IN_PROGRESS {3}AWS::Test::Thing {2}A {2}/;
  const match = (form: RegExp): unknown => expect.stringMatching(form);
  expect(screen.lines()).toEqual([match(bar), match(row)]);
  reporter.report({ type: 'note', text: 'CloudFormation throttles requests' });
  expect(screen.lines()).toEqual(['CloudFormation throttles requests', match(bar), match(row)]);
  reporter.report(stackEvent('A', 'CREATE_COMPLETE'));
  expect(screen.lines()).toEqual(['CloudFormation throttles requests', match(/^▕█{12} {12}▏ 1\/2 /)]);
  reporter.report({ type: 'note', text: 'and again' });
  reporter.done();
  expect(screen.lines()).toEqual(['CloudFormation throttles requests', 'and again']);
});
