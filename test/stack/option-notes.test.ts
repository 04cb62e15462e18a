import { expect, test } from 'vitest';
import { optionNotes } from '../../src/stack/option-notes.ts';

test('nothing asked, nothing said', () => {
  expect(optionNotes({})).toEqual([]);
  expect(optionNotes({ AuthMode: 'iam', Tracing: 'off', AlarmEmail: '', MaxConcurrency: '0' })).toEqual([]);
});

test('a cap comes with its arithmetic', () => {
  expect(optionNotes({ MaxConcurrency: '30' })).toEqual([expect.stringContaining('so turns of 20 s reach 1.5 a second')]);
  expect(optionNotes({ MaxConcurrency: '30' })[0]).toContain('by API Gateway with 500');
});

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:alarms';

test.each([
  [{}, ['--access-log', '--max-concurrency']],
  [{ AccessLog: 'on' }, ['--max-concurrency']],
  [{ MaxConcurrency: '7' }, ['--access-log']],
  [{ AccessLog: 'on', MaxConcurrency: '7' }, []],
])('alarms with %j: what the others need', (given, flags) => {
  const notes = optionNotes({ AlarmTopicArn: TOPIC, ...given }).filter((note) => note.startsWith('--alarms'));
  expect(notes.flatMap((note) => note.match(/--(?!alarms)[a-z-]+/g) ?? [])).toEqual(flags);
});

test('what an open endpoint means is said', () => {
  expect(optionNotes({ AuthMode: 'none' })).toEqual([expect.stringContaining('can spend your money')]);
});

test('what a caller is depends on the mode', () => {
  expect(optionNotes({ SessionScope: 'caller' })).toEqual([expect.stringContaining('anyone who may assume the role chooses')]);
});

test.each([
  ['203.0.113.0/24', 1],
  ['203.0.113.0/24,2001:db8::/32', 0],
  ['', 0],
])('ranges %j: who comes over IPv6', (AllowCidrs, notes) => {
  expect(optionNotes({ AllowCidrs })).toHaveLength(notes);
});
