import { expect, test, vi } from 'vitest';
import { createMarkdownWriter } from '../../src/chat/markdown-writer.ts';
import { PLAIN } from '../helpers/plain-style.ts';

/** Marks styles by letters, so that a test reads as what a person sees. */
const style = {
  bold: (text: string) => `<b>${text}</b>`,
  dim: (text: string) => `<d>${text}</d>`,
  italic: (text: string) => `<i>${text}</i>`,
  red: (text: string) => text,
  green: (text: string) => text,
  yellow: (text: string) => text,
  cyan: (text: string) => `<c>${text}</c>`,
};

const merge = (text: string): string => text.replaceAll('</i></b><b><i>', '').replaceAll(/<\/(\w)><\1>/g, '');
const render = (...parts: string[]): string => {
  const writer = createMarkdownWriter(style, () => 160);
  return merge(parts.map((part) => writer.push(part)).join('') + writer.end());
};

test.each([
  ['plain words', 'plain words'],
  ['# Title\nrest', '<b># Title</b>\nrest'],
  ['a **strong** and *soft* and _also_ word', 'a <b>strong</b> and <i>soft</i> and <i>also</i> word'],
  ['**both *of* them**', '<b>both <i>of</i> them</b>'],
  ['call `f(*a)` now', 'call <c>f(*a)</c> now'],
  ['2 * 3 * 4 and snake_case_name', '2 * 3 * 4 and snake_case_name'],
  ['- one\n* two\n  - three', '<c>•</c> one\n<c>•</c> two\n  <c>•</c> three'],
  ['1. one\n12) two', '<c>1.</c> one\n<c>12)</c> two'],
  ['> quoted', '<d>> quoted</d>'],
  ['```js\nlet a = 1 * 2;\n# no title\n```\nafter', '<d>```js</d>\n<c>let a = 1 * 2;</c>\n<c># no title</c>\n<d>```</d>\nafter'],
  ['never **closed\nnext line', 'never <b>closed</b>\nnext line'],
  ['ends with a star *', 'ends with a star *'],
  ['#hashtag and 3.14', '#hashtag and 3.14'],
  ['日本語 **太字** 🎈', '日本語 <b>太字</b> 🎈'],
])('%j', (markdown, shown) => {
  expect(render(markdown)).toBe(shown);
  for (let at = 1; at < markdown.length; at += 1) {
    expect(render(markdown.slice(0, at), markdown.slice(at))).toBe(shown);
  }
});

test('text appears as it comes, not when its line is complete', () => {
  const writer = createMarkdownWriter(style, () => 60);
  expect(writer.push('The ans')).toBe('The');
  expect(writer.push('wer is **f')).toBe(' answer is');
  expect(writer.push('our** times')).toBe(' <b>f</b><b>our</b>');
  expect(writer.flush()).toBe(' times');
});

test('lines are broken between words, those of a list hang, and code stays as it is', () => {
  const writer = createMarkdownWriter(PLAIN, () => 20);
  const code = 'const answer = await ask({ prompt });';
  const markdown = `Some **words that** are many.\n- an item of a list that is long\n\`\`\`\n${code}\n\`\`\`\n`;
  expect(writer.push(markdown) + writer.end()).toBe(
    `Some words that are\nmany.\n• an item of a list\n  that is long\n\`\`\`\n${code}\n\`\`\`\n`,
  );
});

test('a table is drawn when it is complete, by the width of its characters', () => {
  const table = '| a | 名前 |\n|---|:-:|\n| 1 | x |\n';
  expect(render(table, 'after')).toBe('<b>a │ 名前</b>\n<d>──┼─────</d>\n1 │ x\nafter');
  expect(render(table.trimEnd())).toBe('<b>a │ 名前</b>\n<d>──┼─────</d>\n1 │ x\n');
});

test('a table that does not fit, or is none, stays as it is', () => {
  const wide = `| ${'x'.repeat(170)} |\n|---|\n`;
  expect(render(wide)).toBe(wide);
  expect(render('| not a table\nnext')).toBe('| not a table\nnext');
});

test('never moves the cursor', () => {
  const shown = render('# A\n\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n');
  expect(shown).not.toContain('\u001B');
});

const longOf = (text: string): string => text.repeat(Math.ceil(100_000 / text.length));

/** Characters that regular expressions and comparisons have looked at. */
function lookedAt(work: () => void): number {
  let characters = 0;
  const { test: testText } = RegExp.prototype;
  const { startsWith, trimStart } = String.prototype;
  const spies = [
    vi.spyOn(RegExp.prototype, 'test').mockImplementation(function (this: RegExp, text: string) {
      characters += text.length;
      return testText.call(this, text);
    }),
    vi.spyOn(String.prototype, 'startsWith').mockImplementation(function (this: string, ...args) {
      characters += this.length;
      return startsWith.apply(this, args);
    }),
    vi.spyOn(String.prototype, 'trimStart').mockImplementation(function (this: string) {
      characters += this.length;
      return trimStart.call(this);
    }),
  ];
  try {
    work();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return characters;
}

test.each([
  ['a run of stars', longOf('*'), 1],
  ['a run of backticks within a line', `a ${longOf('`')}`, 1],
  ['the line of a fence without end', `\`\`\`${longOf('js')}`, 1],
  ['a fence without end', longOf('~'), 1],
  ['a word without end', longOf('word'), 100_000],
  ['words of a language without spaces', longOf('日本語'), 100_000],
  ['a row without end', `|${longOf('a |')}`, 1],
  ['a table without end', longOf('|a|b|\n'), 1],
  ['blanks', longOf(' '), 1],
])('%s costs what it is long, however it is cut', (_, text, size) => {
  const work = (length: number, step: number) => () => {
    const writer = createMarkdownWriter(PLAIN, () => 80);
    for (let at = 0; at < length; at += step) writer.push(text.slice(at, Math.min(at + step, length)));
    writer.end();
  };
  const half = text.length / 2;
  expect(lookedAt(work(text.length, size))).toBeLessThan(3 * lookedAt(work(half, size)));
});

test('a table of 200,000 rows is shown', () => {
  const writer = createMarkdownWriter(PLAIN, () => 80);
  const rows = '| a | b |\n'.repeat(200_000);
  expect(writer.push(rows) + writer.end()).toBe(rows);
});
