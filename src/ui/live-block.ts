import sliceAnsi from 'slice-ansi';
import type { Output, Style, Terminal } from './terminal.ts';

export interface LiveLine {
  /** Without colours. */
  readonly text: string;
  readonly paint: (text: string) => string;
}

const CLEAR_BELOW = '\u001B[J';

/** A few lines that are redrawn in place, below all that is written in the meantime. @param output one that can redraw */
export function createLiveBlock(output: Output) {
  let height = 0;
  const clear = (): string => {
    const up = height > 1 ? `\u001B[${height - 1}A` : '';
    return height === 0 ? '' : `\r${up}${CLEAR_BELOW}`;
  };
  return {
    /** Draws the lines in place of the last ones; each is cut to the terminal's width and then painted. */
    show(lines: readonly LiveLine[]): void {
      // One write: a terminal must not show what is between the two states.
      const drawn = lines.map(({ text, paint }) => paint(sliceAnsi(text, 0, output.columns - 1)));
      output.write(clear() + drawn.join('\n'));
      height = lines.length;
    },
    hide(): void {
      output.write(clear());
      height = 0;
    },
  };
}

/** One line that is redrawn in place; only on a terminal, and only at the start of a line. */
export interface WaitingLine {
  show(text: string): void;
  hide(): void;
}

export function createWaitingLine(terminal: Terminal, style: Style): WaitingLine {
  const output = terminal.stderr;
  if (!output.canRedraw) return { show: () => undefined, hide: () => undefined };
  let shown = '';
  return {
    show(text) {
      const line = sliceAnsi(text, 0, output.columns - 1);
      if (line === shown) return;
      output.write(`\r\u001B[K${style.dim(line)}`);
      shown = line;
    },
    hide() {
      if (shown !== '') output.write('\r\u001B[K');
      shown = '';
    },
  };
}
