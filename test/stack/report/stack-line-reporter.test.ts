import { expect, test } from 'vitest';
import type { StackReport } from '../../../src/stack/stack-report.ts';
import { createLineReporter } from '../../../src/stack/report/stack-reporter.ts';
import { createMemoryTerminal } from '../../helpers/memory-terminal.ts';
import { stackEvent } from '../../helpers/stack-events.ts';

const EVENTS: StackReport[] = [
  { type: 'step', text: 'creating the stack' },
  { type: 'begun', resources: 2 },
  stackEvent('Function', 'CREATE_IN_PROGRESS'),
  stackEvent('Api', 'CREATE_IN_PROGRESS'),
  stackEvent('Api', 'CREATE_COMPLETE'),
];

test('a line an event; after silence a line that says what is still in progress', async () => {
  const terminal = createMemoryTerminal();
  const reporter = createLineReporter(terminal, { brief: false, silenceMs: 20 });
  for (const event of EVENTS) reporter.report(event);
  expect(terminal.text.stderr).toBe(`creating the stack
CREATE_IN_PROGRESS Function (AWS::Test::Thing)
CREATE_IN_PROGRESS Api (AWS::Test::Thing)
CREATE_COMPLETE Api (AWS::Test::Thing)
`);
  await expect.poll(() => terminal.text.stderr).toMatch(/\nstill in progress: Function\nstill in/);
  reporter.done();
});

test('once it is done it is silent', async () => {
  const terminal = createMemoryTerminal();
  const reporter = createLineReporter(terminal, { brief: false, silenceMs: 5 });
  reporter.report({ type: 'step', text: 'creating the stack' });
  reporter.done();
  const { stderr } = terminal.text;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(terminal.text.stderr).toBe(stderr);
});

test('brief: steps, notes, sums and failures only', () => {
  const terminal = createMemoryTerminal();
  const reporter = createLineReporter(terminal, { brief: true });
  for (const event of EVENTS) reporter.report(event);
  reporter.report({
    type: 'changes',
    changes: [{ action: 'Add', logicalId: 'A', resourceType: 'T', replacement: undefined, properties: [] }],
  });
  reporter.report({ type: 'note', text: 'AWS answers again' });
  reporter.report(stackEvent('Function', 'CREATE_FAILED', 'No.'));
  reporter.done();
  expect(terminal.text.stderr).toBe(`creating the stack
1 to add, 0 to change, 0 to remove
AWS answers again
CREATE_FAILED Function (AWS::Test::Thing) No.
`);
});

test('an escape sequence from AWS is not obeyed, in events, reasons and changed values', () => {
  const terminal = createMemoryTerminal();
  const reporter = createLineReporter(terminal, { brief: false });
  const hostile = '\u001B[2J\u009Dx';
  reporter.report(stackEvent('Api', 'CREATE_FAILED', hostile));
  reporter.report({ type: 'validation-failure', failure: { logicalId: 'A', resourceType: 'B', path: hostile, reason: hostile } });
  const properties = [{ path: 'P', before: hostile, after: 'x' }];
  reporter.report({
    type: 'changes',
    changes: [{ action: 'Modify', logicalId: 'A', resourceType: 'B', replacement: 'False', properties }],
  });
  reporter.done();
  expect(terminal.text.stderr.match(/\uFFFD\[2J\uFFFDx/g)).toHaveLength(4);
  // oxlint-disable-next-line no-control-regex
  expect(terminal.text.stderr).not.toMatch(/[\u001B\u009D]/);
});
