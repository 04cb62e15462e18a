import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createInputGate, putMarks, restoreMarks } from '../../src/chat/input-gate.ts';

const open = () => {
  const keyboard = new PassThrough();
  let suspensions = 0;
  const gate = createInputGate(keyboard, () => (suspensions += 1));
  let text = '';
  gate.stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  return {
    gate,
    type: (keys: string | Buffer) => keyboard.emit('data', Buffer.from(keys)),
    get text() {
      return text;
    },
    get suspensions() {
      return suspensions;
    },
  };
};

test('a pasted block becomes one line, wherever its borders are split', async () => {
  const paste = 'say: \u001B[200~one\r\n\ttwo\nthree\u001B[201~ done\r';
  for (let at = 0; at < paste.length; at += 1) {
    // A border that is split after its first character is no border: a lone ESC is the Escape key.
    if (paste[at - 1] === '\u001B') continue;
    const session = open();
    session.type(paste.slice(0, at));
    session.type(paste.slice(at));
    await new Promise(setImmediate);
    expect(session.text.endsWith(' done\r')).toBe(true);
    expect(restoreMarks(session.text)).toBe('say: one\n\ttwo\nthree done\r');
    expect(session.text).not.toMatch(/[\n\t]/);
  }
});

test('keys that would act do not come out of a paste', async () => {
  const session = open();
  session.type('\u001B[200~a\u0003b\u001B[Ac\u007F\u001B[201~');
  await new Promise(setImmediate);
  expect(session.text).toBe('ab[Ac');
});

test('Alt+Enter and Ctrl+J are line ends, Enter is Enter, arrows are arrows', async () => {
  const session = open();
  for (const keys of ['a', '\u001B\r', 'b', '\n', 'c', '\u001B[A', '\r']) session.type(keys);
  await new Promise(setImmediate);
  expect(restoreMarks(session.text)).toBe('a\nb\nc\u001B[A\r');
});

test('a character that comes in two reads stays whole', async () => {
  const session = open();
  const bytes = Buffer.from('日🎈');
  for (const byte of bytes) session.type(Buffer.of(byte));
  await new Promise(setImmediate);
  expect(session.text).toBe('日🎈');
});

test('while it watches, keys wait and Ctrl-C is told; what was typed before it is gone', async () => {
  const session = open();
  let interrupts = 0;
  session.gate.watch(() => (interrupts += 1));
  session.type('abc');
  session.type('\u0003de');
  await new Promise(setImmediate);
  expect([interrupts, session.text]).toEqual([1, '']);
  session.gate.edit();
  await new Promise(setImmediate);
  expect(session.text).toBe('de');
});

test('marks can be put in and taken out again, and a sign alone is kept', () => {
  const text = 'a\nb\tc ↵ d';
  expect(putMarks(text)).not.toMatch(/[\n\t]/);
  expect(restoreMarks(putMarks(text))).toBe(text);
});
