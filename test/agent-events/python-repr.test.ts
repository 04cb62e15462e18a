import { expect, test } from 'vitest';
import { parsePythonRepr } from '../../src/agent-events/python-repr.ts';

test.each<[string, unknown]>([
  ['1_000', 1_000],
  ['-1.5e+3', -1_500],
  ['.5', 0.5],
  ['True', true],
  ['False', false],
  ['None', null],
  ['UTC', null],
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ["'a' ", 'a'],
  ['"it\'s"', "it's"],
  ['"""a "quoted" word"""', 'a "quoted" word'],
  [
    String.raw`'a\x41\u20ac\U0001f388\101\
b\q\''`,
    "aA€🎈Abq'",
  ],
  [String.raw`r'\x41\''`, String.raw`\x41\'`],
  [String.raw`b'gr\xc3\xbc\xc3\x9fe'`, 'grüße'],
  ['()', []],
  ['(1,)', [1]],
  ['{1, 2}', [1, 2]],
  ["{'a': 1, 2: (3,), None: {}, }", { a: 1, 2: [3], None: {} }],
  ["{ (1, 'a') : 1, {'b': 2}: 2}", { "(1, 'a')": 1, "{'b': 2}": 2 }],
  ["Message(text='a', n=1)", { '@class': 'Message', text: 'a', n: 1 }],
  ["Path('a')", 'a'],
  ["Range(1, 'a')", [1, 'a']],
  ["a.b.KeyError('a', 1)", { '@class': 'a.b.KeyError', message: 'a' }],
  ['StopException()', { '@class': 'StopException', message: 'StopException' }],
  ['datetime.timezone.utc', undefined],
  ["<Status.DONE: 'done'>", undefined],
  ['<a <b> c>', undefined],
])('%s in a list is %j', (element, value) => {
  expect(parsePythonRepr(`[${element}, 'next']`)?.value).toEqual([value, 'next']);
});

test.each([
  '[1',
  '[1 2]',
  "['a]",
  '[<a]',
  '[name]',
  '[A(1 2)]',
  '{1: 2 3: 4}',
  '[1] and more',
  '[-]',
  'print(1)',
  'x=1',
  'just words',
])('Python prints no %j', (text) => {
  expect(parsePythonRepr(text)).toBeUndefined();
});

test.each([
  ['[1, "a"]', false],
  ["{'a': 1}", false],
  ['[True]', true],
  ["[b'a']", true],
  ['[A(1)]', true],
  ['[<A at 0x7f>]', true],
  ["content='a' n=1", true],
])('only Python would write %s: %s', (text, certain) => {
  expect(parsePythonRepr(text)?.certain).toBe(certain);
});

test.each([
  ['list', '[', ']', 60],
  ['tuple', '(', ',)', 60],
  ['value of a dict', "{'a': ", '}', 60],
  ['key of a dict', '{', ': 1}', 60],
  // An object counts twice: with its members, and with their values.
  ['argument', 'A(', ')', 30],
  ['named argument', 'A(a=', ')', 30],
])('a %s may be within so many others, and not within one more', (_name, open, close, most) => {
  const nested = (levels: number) => parsePythonRepr(`${open.repeat(levels)}{}${close.repeat(levels)}`);
  expect(nested(most)).toBeDefined();
  expect(nested(most + 1)).toBeUndefined();
});

test('a longer text is not tried', () => {
  const ofLength = (length: number) => parsePythonRepr(`['${'a'.repeat(length - 4)}']`);
  expect(ofLength(1_000_000)).toBeDefined();
  expect(ofLength(1_000_001)).toBeUndefined();
});
