import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { createHistorySearch, type SearchedEditor } from './history-search.ts';
import type { Terminal } from '../ui/terminal.ts';
import {
  BRACKETED_PASTE_OFF,
  BRACKETED_PASTE_ON,
  createInputGate,
  type InputGate,
  putMarks,
  restoreMarks,
} from './input-gate.ts';

type LineResult =
  | { readonly type: 'line'; readonly text: string }
  /** Ctrl-C, on an empty line or with text that is discarded. */
  | { readonly type: 'interrupt'; readonly wasEmpty: boolean }
  /** Ctrl-D. */
  | { readonly type: 'end' };

/** The line editor of the chat: history, paste of several lines as one, completion. */
export type LineInput = ReturnType<typeof openLineInput>;

export interface LineInputOptions {
  /** Newest first. */
  readonly history: readonly string[];
  readonly complete: (line: string) => readonly string[];
}

const HISTORY_SIZE = 1_000;

const NOT_STOPPED_AFTER_MS = 20;

type RawInput = Terminal['stdin'] & { setRawMode?(raw: boolean): void; unref?(): void };

/** Takes over the terminal: raw mode and bracketed paste, until `close`. */
export function openLineInput(terminal: Terminal, options: LineInputOptions) {
  const stdin = terminal.stdin as RawInput;
  let gate: InputGate;
  let isReleased = false;
  let isSuspended = false;
  const screen = createEditorScreen(terminal);
  let history: string[] = options.history.map(putMarks);
  let waiter: ((result: LineResult) => void) | undefined;
  /** Results without a waiting reader: several lines may arrive in one read. */
  const results: LineResult[] = [];
  const settle = (result: LineResult): void => {
    const resolve = waiter;
    waiter = undefined;
    screen.isEditing = false;
    if (resolve) resolve(result);
    else results.push(result);
  };

  const enterRawMode = (): void => {
    // Twice, since Node.js takes the mode that it has set last for the one that the terminal is in.
    stdin.setRawMode?.(false);
    stdin.setRawMode?.(true);
    terminal.stderr.control(BRACKETED_PASTE_ON);
  };
  const leaveRawMode = (): void => {
    terminal.stderr.control(BRACKETED_PASTE_OFF);
    stdin.setRawMode?.(false);
  };
  const suspend = (): void => {
    if (!terminal.suspend) return;
    leaveRawMode();
    isSuspended = true;
    terminal.suspend();
    // A job without a shell above it is not stopped, and then never told to go on.
    setTimeout(() => isSuspended && onContinue(), NOT_STOPPED_AFTER_MS);
  };
  const onContinue = (): void => {
    isSuspended = false;
    if (isReleased) return;
    enterRawMode();
    if (screen.isEditing) editor.prompt(true);
  };
  const removeListener = terminal.onContinue(onContinue);
  // A closed input cannot change its mode.
  stdin.on('error', () => undefined);

  let usualPrompt = '';
  const searched: SearchedEditor = {
    history: () => history,
    line: () => editor.line,
    show(line, label = usualPrompt) {
      editor.setPrompt(label);
      emptyLine();
      if (line === '') editor.prompt(true);
      else editor.write(line);
    },
  };
  /** As Ctrl-E and Ctrl-U would. */
  const emptyLine = (): void => {
    editor.write(null, { ctrl: true, name: 'e' });
    editor.write(null, { ctrl: true, name: 'u' });
  };

  const takeOver = (): Interface => {
    isReleased = false;
    gate = createInputGate(stdin as never, suspend, createHistorySearch(searched));
    enterRawMode();
    stdin.resume();
    const editor = createInterface({
      input: gate.stream,
      output: screen.stream,
      terminal: true,
      history,
      historySize: HISTORY_SIZE,
      removeHistoryDuplicates: true,
      completer: (line: string) => [[...options.complete(line)], line],
    });
    editor.on('history', (lines: string[]) => (history = lines));
    editor.on('line', (line) => settle({ type: 'line', text: restoreMarks(line) }));
    editor.on('close', onClose);
    editor.on('SIGTSTP', suspend);
    editor.on('SIGINT', () => {
      const wasEmpty = editor.line === '';
      // Leaves the line on the screen and empties the editor.
      editor.write(null, { ctrl: true, name: 'e' });
      terminal.stderr.write('\n');
      editor.write(null, { ctrl: true, name: 'u' });
      settle({ type: 'interrupt', wasEmpty });
    });
    return editor;
  };
  const onClose = (): void => settle({ type: 'end' });
  const letGo = (editor: Interface): void => {
    isReleased = true;
    editor.off('close', onClose);
    gate.close();
    editor.close();
    leaveRawMode();
    stdin.pause();
  };
  let editor = takeOver();

  return {
    read(prompt: string): Promise<LineResult> {
      const typedAhead = results.shift();
      if (typedAhead) return Promise.resolve(typedAhead);
      return new Promise((resolve) => {
        waiter = resolve;
        screen.isEditing = true;
        usualPrompt = prompt;
        editor.setPrompt(prompt);
        // Keeps the cursor: part of a line may have been typed ahead.
        editor.prompt(true);
        gate.edit();
      });
    },
    /** Until the next `read`, holds keys back and calls the listener on Ctrl-C. */
    watchInterrupt: (listener: () => void): void => gate.watch(listener),
    /** Leaves the keyboard to another program while `work` runs. */
    async release<T>(work: () => Promise<T>): Promise<T> {
      letGo(editor);
      try {
        return await work();
      } finally {
        editor = takeOver();
      }
    },
    /** Newest first, as the editor keeps it. */
    get history(): readonly string[] {
      return history.map(restoreMarks);
    },
    close(): void {
      letGo(editor);
      removeListener();
      screen.close();
      onClose();
    },
  };
}

/** Output of the editor. It sees a resize only while a line is edited; otherwise it would draw its prompt into an answer. */
function createEditorScreen({ stderr }: Terminal) {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      stderr.control(chunk);
      done();
    },
  });
  Object.defineProperty(stream, 'columns', { get: () => stderr.columns });
  const screen = { stream, isEditing: false, close: () => void stderr.stream.off('resize', onResize) };
  const onResize = (): void => {
    if (screen.isEditing) stream.emit('resize');
  };
  stderr.stream.on('resize', onResize);
  return screen;
}
