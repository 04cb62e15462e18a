import type { Style } from '../ui/style.ts';

/** Styles the inside of a line as it comes. */
export interface InlineWriter {
  /** Starts a line that is styled as a whole. */
  begin(block: 'heading' | 'quote', mark: string): string;
  push(text: string): string;
  /** Prints what is held back and forgets marks that were never closed. */
  endLine(): string;
}

/** Emphasis, strong and code. A mark that opens nothing (`2 * 3`, `snake_case`) is printed as it is. */
export function createInlineWriter(style: Style): InlineWriter {
  let block: 'heading' | 'quote' | undefined;
  let strong = false;
  let emphasis = false;
  let code = false;
  let held = '';
  let previous = ' ';

  const paint = (text: string): string => {
    if (code) return style.cyan(text);
    const inner = emphasis ? style.italic(text) : text;
    const shown = strong || block === 'heading' ? style.bold(inner) : inner;
    return block === 'quote' ? style.dim(shown) : shown;
  };

  /** Decides a run of `*`, `_` or backticks now that the character after it is known. */
  const decide = (next: string): string => {
    const mark = held;
    held = '';
    if (mark === '') return '';
    const before = previous;
    previous = mark.at(-1) ?? ' ';
    if (mark === '`') {
      code = !code;
      return '';
    }
    if (code || mark.startsWith('`') || mark.length > 2) return paint(mark);
    const isOpen = mark.length === 2 ? strong : emphasis;
    const opens = !isOpen && /\S/.test(next) && !/[\p{L}\p{N}]/u.test(before);
    const closes =
      isOpen && /\S/.test(before) && (!mark.startsWith('_') || !/[\p{L}\p{N}]/u.test(next));
    if (!opens && !closes) return paint(mark);
    if (mark.length === 2) strong = opens;
    else emphasis = opens;
    return '';
  };

  const push = (text: string): string => {
    let shown = '';
    for (const [run] of text.matchAll(/[*_`]|[^*_`]+/g)) {
      const isMark = '*_`'.includes(run);
      if (isMark && (held === '' || held.startsWith(run))) {
        held += run;
        continue;
      }
      shown += decide(run[0] ?? '');
      if (isMark) {
        held = run;
      } else {
        previous = run.at(-1) ?? ' ';
        shown += paint(run);
      }
    }
    return shown;
  };

  return {
    begin(kind, mark) {
      block = kind;
      return paint(mark);
    },
    push,
    endLine() {
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
