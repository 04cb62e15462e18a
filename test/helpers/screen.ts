import type { Output } from '../../src/ui/terminal.ts';
import { createMemoryTerminal } from './memory-terminal.ts';

const ESC = '\u001B';
const UP = new RegExp(`^${ESC}\\[(\\d+)A$`);
const TOKENS = new RegExp(`${ESC}\\[[\\d;]*[A-Za-z]|[\\r\\n]|[^${ESC}\\r\\n]+`, 'g');

/** A small terminal: it does what the escape sequences of redrawn lines say, and nothing else. */
export interface Screen {
  readonly output: Output;
  /** What a person sees now, without empty lines at the end. */
  lines(): string[];
  readonly writes: readonly string[];
}

export function createScreen(columns: number): Screen {
  const rows: string[] = [''];
  const writes: string[] = [];
  let row = 0;
  let column = 0;
  const put = (text: string): void => {
    const line = (rows[row] ?? '').padEnd(column);
    rows[row] = line.slice(0, column) + text + line.slice(column + text.length);
    column += text.length;
    if (column > columns) throw new Error(`a line is wrapped: ${rows[row]}`);
  };
  const act = (token: string): void => {
    const up = UP.exec(token)?.[1];
    if (up !== undefined) row -= Number(up);
    else if (token === '\r') column = 0;
    else if (token === '\n') {
      row += 1;
      column = 0;
      rows[row] ??= '';
    } else if (token === `${ESC}[2K`) rows[row] = '';
    else if (token.startsWith(ESC)) {
      if (!token.endsWith('m')) throw new Error(`not known: ${JSON.stringify(token)}`);
    } else put(token);
  };
  const { stdout } = createMemoryTerminal({ isTTY: true });
  const write = (text: string | Uint8Array): void => {
    writes.push(String(text));
    for (const [token] of String(text).matchAll(TOKENS)) {
      act(token);
    }
  };
  return {
    output: { ...stdout, canRedraw: true, columns, write, control: write },
    lines: () => rows.join('\n').trimEnd().split('\n'),
    writes,
  };
}
