import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { createWordWrap, FIXED_SPACE, fitText } from '../../src/ui/wrap-text.ts';
import { keyValueLines } from '../../src/ui/table.ts';

const wrapIn = (columns: number, ...parts: string[]): string => {
  const wrap = createWordWrap(() => columns);
  return parts.map((part) => wrap.push(part)).join('') + wrap.flush();
};

test.each([
  ['the quick brown fox jumps', 'the quick\nbrown fox\njumps'],
  ['exactly 10 and more', 'exactly 10\nand more'],
  ['two\nlines, one long', 'two\nlines, one\nlong'],
  ['日本語の文章は空白なしで折り返す。', '日本語の文\n章は空白な\nしで折り返\nす。'],
  ['一二三四五。六', '一二三四\n五。六'],
  ['ab 日本 cd語', 'ab 日本 cd\n語'],
  ['é́ combined é́é́é́é́', 'é́ combined\né́é́é́é́'],
  ['family 👩‍👩‍👧‍👦👩‍👩‍👧‍👦 here', 'family\n👩‍👩‍👧‍👦👩‍👩‍👧‍👦 here'],
  ['\u001B[1mbold words\u001B[22m here', '\u001B[1mbold words\u001B[22m\nhere'],
  ['  indented and on', '  indented\nand on'],
])('%j is broken between words, wherever it is split', (text, lines) => {
  expect(wrapIn(10, text)).toBe(lines);
  const characters = Array.from(text);
  for (let at = 1; at < characters.length; at += 1) {
    // A mark that is known too late to stay beside its character is the one exception.
    if (characters[at] === '。') continue;
    expect(wrapIn(10, characters.slice(0, at).join(''), characters.slice(at).join(''))).toBe(lines);
  }
  for (const line of lines.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(10);
});

test('holds back the last word, and nothing else', () => {
  const wrap = createWordWrap(() => 24);
  expect(wrap.push('the ans')).toBe('the');
  expect(wrap.push('wer is')).toBe(' answer');
  expect(wrap.flush()).toBe(' is');
  expect(wrap.push('n')).toBe('n');
  expect(wrap.push("'t")).toBe("'t");
  expect(wrap.push(' wrong today')).toBe(' wrong');
  expect(wrap.flush()).toBe('\ntoday');
});

test('a word that is longer than a line is not held, and stays whole', () => {
  const wrap = createWordWrap(() => 10);
  expect(wrap.push('see https://example.com/')).toBe('see\nhttps://example.com/');
  expect(wrap.push('path')).toBe('path');
  expect(wrap.push(' and so on ')).toBe(' and\nso on');
});

test('a list item hangs, and a line that somebody else has ended begins anew', () => {
  const wrap = createWordWrap(() => 12);
  wrap.hang(2);
  expect(wrap.push('• one two three four ')).toBe('• one two\n  three four');
  wrap.restart();
  expect(wrap.push('five six seven ')).toBe('five six\n  seven');
});

test('only a terminal has its lines broken; a command stays whole', () => {
  const command = 'agentstream deploy --heartbeat 15s'.replaceAll(' ', FIXED_SPACE);
  const text = `hint: let the endpoint fill the silence: ${command}\n  indented and long enough to break\n`;
  expect(fitText(text, { isTTY: false, columns: 20 })).toBe(text.replaceAll(FIXED_SPACE, ' '));
  expect(fitText(text, { isTTY: true, columns: 20 })).toBe(
    'hint: let the\nendpoint fill the\nsilence:\nagentstream deploy --heartbeat 15s\n  indented and long\n  enough to break\n',
  );
  expect(keyValueLines([['a', 'one two three']], '', { isTTY: true, columns: 10 })).toBe('a  one two\n   three\n');
  expect(keyValueLines([['a', 'one two three']])).toBe('a  one two three\n');
});
