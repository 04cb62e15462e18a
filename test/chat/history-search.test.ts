import { expect, test } from 'vitest';
import { createHistorySearch } from '../../src/chat/history-search.ts';

const open = (line = '') => {
  const editor = { line, label: undefined as string | undefined };
  const search = createHistorySearch({
    history: () => ['third: say hello', 'second: 日本', 'first: say hi'],
    line: () => editor.line,
    show(text, label) {
      editor.line = text;
      editor.label = label;
    },
  });
  return { editor, type: (...keys: string[]) => keys.map(search).join('') };
};
const CTRL_R = '\u0012';

test('finds the newest line, then older ones, and Enter takes it', () => {
  const { editor, type } = open();
  expect(type(CTRL_R, 's', 'a', 'y')).toBe('');
  expect(editor).toEqual({ line: 'third: say hello', label: '(search: say) ' });
  type(CTRL_R);
  expect(editor.line).toBe('first: say hi');
  expect(type('\r')).toBe('\r');
  expect(editor).toEqual({ line: 'first: say hi', label: undefined });
  expect(type('x')).toBe('x');
});

test('says when nothing is found, keeps the last match, and a shorter query finds again', () => {
  const { editor, type } = open();
  type(`${CTRL_R}日x`);
  expect(editor).toEqual({ line: 'second: 日本', label: '(not found: 日x) ' });
  type('\u007F');
  expect(editor).toEqual({ line: 'second: 日本', label: '(search: 日) ' });
});

test.each(['\u001B', '\u0007'])('Esc and Ctrl-G bring back what was typed: %j', (key) => {
  const { editor, type } = open('half a line');
  expect(type(`${CTRL_R}say`, key)).toBe('');
  expect(editor).toEqual({ line: 'half a line', label: undefined });
});

test('an arrow takes the match and moves in it', () => {
  const { editor, type } = open();
  expect(type(`${CTRL_R}say hi`, '\u001B[D')).toBe('\u001B[D');
  expect(editor.line).toBe('first: say hi');
});
