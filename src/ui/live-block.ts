import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import { terminalText } from './sanitize.ts';
import type { Output, Style, Terminal } from './terminal.ts';

export interface LiveLine {
  /** Without colours. */
  readonly text: string;
  readonly paint: (text: string) => string;
}

const CLEAR_LINE = '\u001B[2K';
const upBy = (rows: number): string => (rows > 0 ? `\u001B[${rows}A` : '');

/**
 * A few lines that are redrawn in place, below all that is written in the meantime. Lines are cleared one by one: terminals such as tmux keep
 * a copy of the screen in the scrollback when all of it is cleared.
 * @param output one that can redraw
 */
export function createLiveBlock(output: Output) {
  let widths: readonly number[] = [];
  /** A terminal that has become narrower since shows a line on several rows. */
  const rows = (): number => widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / output.columns)), 0);
  const hide = (): void => {
    if (widths.length > 0) output.control(`\r${CLEAR_LINE}${`${upBy(1)}${CLEAR_LINE}`.repeat(rows() - 1)}`);
    widths = [];
  };
  return {
    /** Draws the lines in place of the last ones; each is cut to the terminal's width and then painted. */
    show(lines: readonly LiveLine[]): void {
      if (lines.length === 0) return hide();
      const before = rows();
      const cut = lines.map(({ text }) => sliceAnsi(terminalText(text), 0, output.columns - 1));
      const drawn = lines.map(({ paint }, index) => `${CLEAR_LINE}${paint(cut[index] ?? '')}`);
      const left = Math.max(0, before - lines.length);
      // One write: a terminal must not show what is between the two states.
      output.control(`\r${upBy(before - 1)}${drawn.join('\n')}${`\n${CLEAR_LINE}`.repeat(left)}${upBy(left)}`);
      widths = cut.map((text) => stringWidth(text));
    },
    hide,
  };
}

/** One line that is redrawn in place; only on a terminal, and only at the start of a line. */
export function createWaitingLine({ stderr }: Terminal, style: Style) {
  const block = stderr.canRedraw ? createLiveBlock(stderr) : undefined;
  let shown: string | undefined;
  return {
    show(text: string): void {
      if (text !== shown) block?.show([{ text, paint: style.dim }]);
      shown = text;
    },
    hide(): void {
      block?.hide();
      shown = undefined;
    },
  };
}
