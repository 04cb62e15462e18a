import stringWidth from 'string-width';
import type { Output } from './terminal.ts';

/** A few lines that are redrawn in place, below all that is written in the meantime. */
export interface LiveBlock {
  /** Draws the lines in place of the last ones; each is cut to the terminal's width and then painted. */
  show(lines: readonly LiveLine[]): void;
  hide(): void;
}

export interface LiveLine {
  /** Without colours. */
  readonly text: string;
  readonly paint: (text: string) => string;
}

const CLEAR_BELOW = '\u001B[J';

/** @param output one that can redraw */
export function createLiveBlock(output: Output): LiveBlock {
  let height = 0;
  const clear = (): string => {
    const up = height > 1 ? `\u001B[${height - 1}A` : '';
    return height === 0 ? '' : `\r${up}${CLEAR_BELOW}`;
  };
  return {
    show(lines) {
      // One write: a terminal must not show what is between the two states.
      const drawn = lines.map(({ text, paint }) => paint(fit(text, output.columns - 1)));
      output.write(clear() + drawn.join('\n'));
      height = lines.length;
    },
    hide() {
      output.write(clear());
      height = 0;
    },
  };
}

function fit(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line;
  let cut = '';
  for (const character of line) {
    if (stringWidth(cut + character) > columns) break;
    cut += character;
  }
  return cut;
}
