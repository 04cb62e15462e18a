import type { Check, CheckGroup } from './check.ts';
import { hintText, type Target } from '../cli/command-line.ts';
import { createJsonLines } from '../ui/json-lines.ts';
import { plainText } from '../ui/sanitize.ts';
import { createStyle, type Style } from '../ui/style.ts';
import type { Terminal } from '../ui/terminal.ts';

/** Shows checks as they are done. */
export interface DoctorReporter {
  check(check: Check): void;
  /** @param failed how many @param warnings how many */
  end(counts: {
    readonly checks: number;
    readonly failed: number;
    readonly warnings: number;
  }): void;
}

const TITLES: Readonly<Record<CheckGroup, string>> = {
  machine: 'This machine',
  account: 'The AWS account',
  stack: 'The stack',
  agent: 'The agent',
  endpoint: 'The endpoint',
};

const WIDTH = 'warning'.length;

export function createDoctorReporter(
  { stdout, env }: Terminal,
  target: Target,
  { json }: { readonly json: boolean },
): DoctorReporter {
  if (json) {
    const print = createJsonLines(stdout);
    return {
      check: ({ fix, ...check }) =>
        print({ type: 'check', ...check, fix: fix && hintText(fix, target) }),
      end: (counts) => print({ type: 'result', ok: counts.failed === 0, ...counts }),
    };
  }
  const style = createStyle(stdout, env);
  let last: CheckGroup | undefined;
  return {
    check(check) {
      if (check.group !== last) {
        stdout.write(`${last === undefined ? '' : '\n'}${style.bold(TITLES[check.group])}\n`);
        last = check.group;
      }
      stdout.write(checkLines(check, style, target));
    },
    end({ failed, warnings }) {
      if (failed > 0) return;
      const words = warnings === 0 ? 'nothing is wrong' : 'nothing fails, see the warnings';
      stdout.write(`\n${style.green(words)}\n`);
    },
  };
}

function checkLines({ status, text, fix }: Check, style: Style, target: Target): string {
  const paint = {
    ok: style.green,
    note: style.dim,
    warning: style.yellow,
    failed: style.red,
  }[status];
  const indent = ' '.repeat(WIDTH + 4);
  const label = paint(status.padEnd(WIDTH));
  const below =
    fix === undefined ? '' : `${indent}${style.dim('fix')}: ${plainText(hintText(fix, target))}\n`;
  return `  ${label}  ${plainText(text)}\n${below}`;
}
