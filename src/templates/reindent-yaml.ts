interface Level {
  readonly from: number;
  readonly to: number;
}

const BLOCK_SCALAR = /: \|$/;

/**
 * Gives every level of a YAML text the same indentation. What follows a dash stays two columns behind it; a literal block moves as a
 * whole, and keeps the blanks of its own.
 * @param step blanks of a level, at least 1
 */
export function reindentYaml(text: string, step: number): string {
  let levels: readonly Level[] = [];
  let block: { readonly key: number; shift?: number } | undefined;
  const lines = text.split('\n').map((line) => {
    const body = line.trimStart();
    const from = line.length - body.length;
    if (body === '') return line;
    if (block && from > block.key) {
      block.shift ??= place(levels, from, step).to - from;
      return ' '.repeat(from + block.shift) + body;
    }
    block = BLOCK_SCALAR.test(line) ? { key: from } : undefined;
    const level = place(levels, from, step);
    levels = [...levels.filter((each) => each.from < from), level];
    const dashes = /^(?:- )*/.exec(body)?.[0].length ?? 0;
    for (let width = 2; width <= dashes; width += 2) {
      levels = [...levels, { from: from + width, to: level.to + width }];
    }
    return ' '.repeat(level.to) + body;
  });
  return lines.join('\n');
}

/** The level that a line belongs to: one that is open, or a new one below the last. */
function place(levels: readonly Level[], from: number, step: number): Level {
  const open = levels.filter((level) => level.from <= from).at(-1);
  if (open?.from === from) return open;
  return { from, to: open ? open.to + step : 0 };
}
