import { PassThrough, type Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/**
 * Marks that replace characters with a meaning for the line editor. Each is a visible sign and a zero-width space, which tells it from
 * a typed sign.
 */
const MARKS: readonly (readonly [character: string, mark: string])[] = [
  ['\n', '↵\u200B'],
  ['\t', '→\u200B'],
];

const PASTE_START = '\u001B[200~';
const PASTE_END = '\u001B[201~';
export const BRACKETED_PASTE_ON = '\u001B[?2004h';
export const BRACKETED_PASTE_OFF = '\u001B[?2004l';

const CTRL_C = '\u0003';
const CTRL_Z = '\u001A';

/** Alt+Enter sends ESC and Enter; Ctrl+J sends a line feed where Enter sends a carriage return. */
const NEWLINE_KEYS = new Set(['\u001B\r', '\u001B\n', '\n']);

/** A possible start of a border at the end of a read; in a paste also half of a CRLF. */
const HELD = /\u001B\[(?:2(?:0[01]?)?)?$/;
const HELD_IN_PASTE = /(?:\u001B(?:\[(?:2(?:0[01]?)?)?)?|\r)$/;

/** Stands between the keyboard and the line editor. */
export type InputGate = ReturnType<typeof createInputGate>;

/**
 * Turns a pasted block into one line of input, with marks for line ends, and translates the keys for a line end inside a prompt.
 * @param input a terminal in raw mode with bracketed paste
 * @param onSuspend called on Ctrl-Z while keys are held back
 * @param search takes the keys that the editor would get, and gives those that it gets
 */
export function createInputGate(input: Readable, onSuspend: () => void, search: (keys: string) => string = String) {
  const stream = new PassThrough();
  const decoder = new StringDecoder('utf8');
  const translate = createTranslator();
  let interrupt: (() => void) | undefined;
  let waiting = '';

  const pass = (text: string): void => {
    // The editor pauses its input while it completes a word: what follows a Tab has to wait in the stream.
    for (const keys of search(translate(text)).match(/[^\t]*\t|[^\t]+/g) ?? []) stream.write(keys);
  };
  const onData = (bytes: Buffer): void => {
    const text = decoder.write(bytes);
    if (!interrupt) return pass(text);
    const [first = '', ...rest] = text.replaceAll(CTRL_Z, '').split(CTRL_C);
    waiting += first;
    if (text.includes(CTRL_Z)) onSuspend();
    for (const part of rest) {
      // Keys before a Ctrl-C were meant for the stopped turn.
      waiting = part;
      interrupt();
    }
  };
  /** The terminal has been closed. */
  const onEnd = (): void => {
    stream.end();
    interrupt?.();
  };
  input.on('data', onData);
  input.on('end', onEnd);
  input.on('error', onEnd);

  return {
    /** Input of the line editor. */
    stream,
    /** Passes keys to the line editor, first those typed while it waited. */
    edit(): void {
      interrupt = undefined;
      const typed = waiting;
      waiting = '';
      if (typed !== '') pass(typed);
    },
    /** Holds keys back, and reports Ctrl-C at once. */
    watch(onInterrupt: () => void): void {
      interrupt = onInterrupt;
    },
    close(): void {
      input.off('data', onData);
      input.off('end', onEnd);
      input.off('error', onEnd);
      stream.end();
    },
  };
}

/** Replaces the marks in an edited line by their characters. */
export function restoreMarks(line: string): string {
  return MARKS.reduce((text, [character, mark]) => text.split(mark).join(character), line);
}

/** Replaces characters by marks, so that a text of several lines can be edited in one. */
export function putMarks(text: string): string {
  return MARKS.reduce((line, [character, mark]) => line.split(character).join(mark), text);
}

function createTranslator(): (text: string) => string {
  let pasting = false;
  let held = '';
  return (text) => {
    let rest = held + text;
    held = '';
    let out = '';
    while (rest !== '') {
      const border = pasting ? PASTE_END : PASTE_START;
      const at = rest.indexOf(border);
      let part = at === -1 ? rest : rest.slice(0, at);
      if (at === -1) {
        // The border may arrive in two reads. A lone ESC is a key and is not held.
        held = (pasting ? HELD_IN_PASTE : HELD).exec(part)?.[0] ?? '';
        part = part.slice(0, part.length - held.length);
      }
      out += pasting ? pasted(part) : typed(part);
      if (at === -1) break;
      pasting = !pasting;
      rest = rest.slice(at + border.length);
    }
    return out;
  };
}

function typed(text: string): string {
  return text.replaceAll(/\u001B[\r\n]|\n/g, (key) => (NEWLINE_KEYS.has(key) ? putMarks('\n') : key));
}

/** Drops other control characters of a paste, which would act as keys. */
function pasted(text: string): string {
  const lines = text.replaceAll(/\r\n?/g, '\n');
  return putMarks(lines.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/g, ''));
}
