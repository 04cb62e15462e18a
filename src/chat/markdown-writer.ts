import { renderTable } from './markdown-table.ts';
import { createWordWrap } from '../ui/wrap-text.ts';
import type { Style } from '../ui/terminal.ts';

/** The longest start of a line that may still become a block mark: `###### `, `  123. `, "```". */
const MAYBE_BLOCK = /^ {0,8}(?:#{0,6}|[-*+]|\d{1,3}[.)]?|`{1,2}|~{1,2}|>)?$/;
const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}#{1,6} $/;
const ITEM = /^( *)([-*+]|\d{1,3}[.)]) $/;
const QUOTE = /^ {0,3}>/;

/** Most that is held back of the line of a fence, of a row and of a table, so that an answer without end is shown, and costs what it is long. */
const MAX_FENCE_LINE = 300;
const MAX_ROW = 10_000;
const MAX_ROWS = 500;

/**
 * Styles Markdown while it streams. It only appends and never moves the cursor, so scrollback, copying, resizing and screen readers
 * work. It holds back the first characters of a line until its kind is known, a mark until the next character decides it, the last word,
 * and whole tables. Lines are broken between words, but for those of code.
 * @param columns width of the terminal
 */
export function createMarkdownWriter(style: Style, columns: () => number) {
  const inline = createInlineWriter(style);
  const wrap = createWordWrap(columns);
  let start = '';
  let mode: 'start' | 'inline' | 'fence-line' | 'table' = 'start';
  let fence: string | undefined;
  let table: string[] = [];

  const flushTable = (): string => {
    const lines = table;
    table = [];
    return lines.length === 0 ? '' : renderTable(lines, style, columns());
  };

  /** Prints the start of a line, whose kind is now known. */
  const beginLine = (): string => {
    const before = flushTable();
    const line = start;
    start = '';
    mode = 'inline';
    if (fence !== undefined) {
      mode = 'fence-line';
      return before + style.cyan(line);
    }
    if (HEADING.test(line)) return before + wrap.push(inline.begin('heading', line));
    const [, space = '', mark = ''] = ITEM.exec(line) ?? [];
    if (mark !== '') {
      wrap.hang(line.length);
      return before + wrap.push(`${space}${style.cyan(/^\d/.test(mark) ? mark : '•')} `);
    }
    if (QUOTE.test(line)) return before + wrap.push(inline.begin('quote', line));
    return before + wrap.push(inline.push(line));
  };

  const endLine = (): string => {
    if (mode === 'table') {
      table.push(start);
      start = '';
      mode = 'start';
      return table.length < MAX_ROWS ? '' : flushTable();
    }
    if (mode === 'start') {
      const mark = FENCE.exec(start)?.[1];
      if (mark && (fence === undefined || start.trim() === mark) && (fence === undefined || mark.startsWith(fence))) {
        const shown = flushTable() + style.dim(start);
        fence = fence === undefined ? mark : undefined;
        start = '';
        return `${shown}\n`;
      }
      return `${beginLine()}${endLine()}`;
    }
    const isInline = mode === 'inline';
    mode = 'start';
    return isInline ? wrap.push(`${inline.endLine()}\n`) : '\n';
  };

  /** Characters of a line whose kind is not known yet, or of a table. */
  const pushStart = (character: string): string => {
    start += character;
    if (mode === 'table') return start.length < MAX_ROW ? '' : beginLine();
    if (fence === undefined && start.trimStart().startsWith('|')) {
      mode = 'table';
      return '';
    }
    // A fence is certain only at the end of its line, so the whole line is held.
    if (start.length < MAX_FENCE_LINE && (FENCE.test(start) || MAYBE_BLOCK.test(start))) return '';
    return beginLine();
  };

  const push = (text: string): string => {
    let shown = '';
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at);
      if (end === at) {
        shown += endLine();
        at += 1;
      } else if (mode === 'inline' || mode === 'fence-line') {
        const rest = text.slice(at, end === -1 ? undefined : end);
        shown += mode === 'inline' ? wrap.push(inline.push(rest)) : style.cyan(rest);
        at += rest.length;
      } else {
        shown += pushStart(text[at] ?? '');
        at += 1;
      }
    }
    return shown;
  };

  return {
    /** @returns the text to print now */
    push: (text: string): string => push(text.replaceAll('\r\n', '\n')),
    flush: wrap.flush,
    restart: wrap.restart,
    /** @returns the rest, at the end of the answer */
    end(): string {
      if (mode === 'table') endLine();
      const rest = mode === 'start' && start !== '' ? beginLine() : flushTable();
      return rest + (mode === 'inline' ? wrap.push(inline.endLine()) + wrap.flush() : '');
    },
  };
}

/** Styles the text of a line while it streams: emphasis, strong and code. Prints a mark that opens nothing (`2 * 3`, `snake_case`) unchanged. */
function createInlineWriter(style: Style) {
  let block: 'heading' | 'quote' | undefined;
  let strong = false;
  let emphasis = false;
  let code = false;
  /** A run of one mark, and its length. */
  let held = '';
  let count = 0;
  let previous = ' ';

  const paint = (text: string): string => {
    if (code) return style.cyan(text);
    const inner = emphasis ? style.italic(text) : text;
    const shown = strong || block === 'heading' ? style.bold(inner) : inner;
    return block === 'quote' ? style.dim(shown) : shown;
  };

  /** Decides a run of `*`, `_` or backticks by the character after it. */
  const decide = (next: string): string => {
    if (count === 0) return '';
    const mark = held.repeat(count);
    count = 0;
    const before = previous;
    previous = mark.at(-1) ?? ' ';
    if (mark === '`') {
      code = !code;
      return '';
    }
    if (code || mark.startsWith('`') || mark.length > 2) return paint(mark);
    const isOpen = mark.length === 2 ? strong : emphasis;
    const opens = !isOpen && /\S/.test(next) && !/[\p{L}\p{N}]/u.test(before);
    const closes = isOpen && /\S/.test(before) && (!mark.startsWith('_') || !/[\p{L}\p{N}]/u.test(next));
    if (!opens && !closes) return paint(mark);
    if (mark.length === 2) strong = opens;
    else emphasis = opens;
    return '';
  };

  const push = (text: string): string => {
    let shown = '';
    for (const [run, mark] of text.matchAll(/([*_`])\1*|[^*_`]+/g)) {
      if (mark !== held || count === 0) shown += decide(run[0] ?? '');
      if (mark !== undefined) {
        held = mark;
        count += run.length;
      } else {
        previous = run.at(-1) ?? ' ';
        shown += paint(run);
      }
    }
    return shown;
  };

  return {
    /** Starts a line that is styled as a whole. */
    begin(kind: 'heading' | 'quote', mark: string): string {
      block = kind;
      return paint(mark);
    },
    push,
    /** Prints held text and drops marks that were never closed. */
    endLine(): string {
      const rest = decide(' ');
      block = undefined;
      strong = false;
      emphasis = false;
      code = false;
      previous = ' ';
      return rest;
    },
  };
}
