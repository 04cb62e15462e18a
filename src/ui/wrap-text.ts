import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import type { Output } from './terminal.ts';

/**
 * Breaks a text at its spaces into lines that fit.
 * @param text may hold colours
 * @param columns cells of a line, indent included
 * @param indent before the first line; `hanging` before all others, as wide as `indent` by default
 * @returns lines without line ends; a word that is longer than a line is cut in two
 */
export function wrapText(text: string, columns: number, indent = '', hanging = ' '.repeat(stringWidth(indent))): string[] {
  const width = columns - Math.max(stringWidth(indent), stringWidth(hanging));
  return wrapAnsi(text, Math.max(1, width), { hard: true })
    .split('\n')
    .map((line, index) => `${index === 0 ? indent : hanging}${line}`.trimEnd());
}

/** The part of an output that bounds the length of lines. */
export type Width = Pick<Output, 'isTTY' | 'columns'>;

/** Stands for a space at which no line is broken, such as those within a command, until `fitText` has broken the lines. */
export const FIXED_SPACE = '\u00A0';

/** A text in which a number and its unit stay on one line. */
export function keepUnits(text: string): string {
  return text.replaceAll(/(\d) (?=(?:ms|s|min|%|k?B|MB)(?!\w))/g, `$1${FIXED_SPACE}`);
}

/**
 * A text as an output shows it: the lines of a terminal are broken between words and keep their indent, all others stay as they are. A
 * word that is longer than a line stays whole, so that it can be copied.
 */
export function fitText(text: string, output: Width | undefined): string {
  const fit = (line: string): string => {
    const [indent = ''] = /^ */.exec(line) ?? [];
    const text = keepUnits(line.slice(indent.length));
    return indent + wrapAnsi(text, Math.max(1, (output?.columns ?? 0) - indent.length)).replaceAll('\n', `\n${indent}`);
  };
  const fitted = output?.isTTY ? text.split('\n').map(fit).join('\n') : text;
  return fitted.replaceAll(FIXED_SPACE, ' ');
}

/**
 * A text behind a head, such as the time of a log line: on a terminal its lines are broken between words, as `fitText` does, and stand below
 * each other.
 */
export function fitBehind(head: string, text: string, output: Width): string {
  const indent = ' '.repeat(stringWidth(head));
  return head + fitText(indent + text.replaceAll('\n', `\n${indent}`), output).slice(indent.length);
}

/** A text whose words stay on one line, for `fitText`. */
export function keepTogether(text: string): string {
  return text.replaceAll(' ', FIXED_SPACE);
}

/** A change of colour, or a character. */
const PIECE = new RegExp(String.raw`\u001B\[[\d;]*m|[^]`, 'gu');
/** Characters beside which a line may be broken without a space, and marks that must not begin a line. */
const BREAKABLE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303F\uFF00-\uFFEF]/u;
const CLOSING = /^[\u3001\u3002\u300D\u300F\u3011\uFF01\uFF09\uFF0C\uFF1A\uFF1B\uFF1F]/;

/**
 * Breaks the lines of a text between words while it comes. It only appends, and holds nothing back but the last word, which may still
 * grow; a word that is longer than a line is left to the terminal.
 * @param columns width of the terminal
 */
export function createWordWrap(columns: () => number) {
  /** Cells of the line so far. */
  let at = 0;
  let indent = 0;
  let spaces = '';
  let word = '';
  let wordBreaks = false;
  /** Some of the word has been printed, so it cannot move any more. */
  let isOpen = false;

  const release = (): string => {
    const width = stringWidth(word);
    const gap = spaces.length;
    const breaks = !isOpen && width > 0 && at > indent && at + gap + width > columns();
    const before = breaks ? `\n${' '.repeat(indent)}` : spaces;
    at = breaks ? indent + width : at + gap + width;
    // The terminal itself has broken what did not fit.
    if (at > columns()) at = ((at - 1) % columns()) + 1;
    const shown = before + word;
    isOpen = width > 0 || isOpen;
    spaces = '';
    word = '';
    return shown;
  };
  const endWord = (): string => {
    const shown = word === '' ? '' : release();
    isOpen = false;
    return shown;
  };

  const restart = (): void => {
    at = 0;
    spaces = '';
    isOpen = false;
  };

  return {
    /** @returns the text to print now */
    push(text: string): string {
      let shown = '';
      for (const [piece] of text.matchAll(PIECE)) {
        if (piece === '\n') {
          shown += `${endWord()}\n`;
          restart();
          indent = 0;
        } else if (piece === ' ' || piece === '\t') {
          shown += endWord();
          spaces += piece;
        } else {
          const breaks = BREAKABLE.test(piece);
          if (!CLOSING.test(piece) && (breaks || (wordBreaks && word !== ''))) shown += endWord();
          wordBreaks = breaks || (wordBreaks && word !== '');
          word += piece;
        }
      }
      // A word of more than a line is not held: the terminal breaks it.
      return isOpen || stringWidth(word) > columns() ? shown + release() : shown;
    },
    /** The word that is held back. The rest of it, if any, continues it. */
    flush: (): string => (word === '' ? '' : release()),
    /** Lines that are broken from here to the end of the line begin with as many spaces. */
    hang: (cells: number): void => void (indent = cells),
    /** Somebody else has ended the line. */
    restart,
  };
}
