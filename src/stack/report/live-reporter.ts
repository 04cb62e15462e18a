import { createLiveBlock, type LiveLine } from '../../ui/live-block.ts';
import { stackLines, type StackReporter } from './stack-lines.ts';
import {
  countProgress,
  type ProgressCounter,
  type ProgressRow,
  type StackProgress,
} from './stack-progress.ts';
import { createStyle, type Style } from '../../ui/style.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { wrapText } from '../../ui/wrap-text.ts';

const REDRAW_MS = 1_000;
/** Of a terminal that does not tell. */
const DEFAULT_ROWS = 24;

/**
 * On a terminal: a spinner while something is prepared, then a block of lines that is redrawn while an operation runs, with the
 * reason of a failure in red as soon as it is known. Both are gone at the end; what has to stay is written above them.
 * @param brief leaves the changes out
 */
export async function createLiveReporter(
  terminal: Terminal,
  brief: boolean,
): Promise<StackReporter> {
  const { default: ora } = await import('ora');
  const { stderr, env } = terminal;
  const style = createStyle(stderr, env);
  const stream = stderr.stream as NodeJS.WriteStream;
  const spinner = ora({ stream, discardStdin: false });
  const block = createLiveBlock(stderr);
  let step = '';
  let counter: ProgressCounter | undefined;
  let beganAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const draw = (): void => {
    if (!counter) return;
    const now = new Date();
    const view = { progress: counter.now(), step, elapsedMs: performance.now() - beganAt, now };
    // One row for the line that the cursor is on, one for the command line above.
    const rows = (stream.rows || DEFAULT_ROWS) - 2;
    block.show(liveLines(view, { columns: stderr.columns, rows }, style));
  };
  const hide = (): void => {
    clearInterval(timer);
    spinner.stop();
    block.hide();
  };
  const show = (): void => {
    clearInterval(timer);
    if (!counter) {
      spinner.start(step);
      return;
    }
    draw();
    timer = setInterval(draw, REDRAW_MS);
    timer.unref();
  };

  return {
    report(report) {
      if (report.type === 'stack-event') {
        hide();
        counter ??= start(0);
        counter.add(report.event);
      } else if (report.type === 'begun') {
        hide();
        counter = start(report.resources);
      } else if (report.type === 'step') {
        hide();
        step = report.text;
        counter = undefined;
      } else if (!(brief && report.type === 'changes')) {
        hide();
        for (const line of stackLines(report, style)) stderr.write(`${line}\n`);
      }
      show();
    },
    done() {
      hide();
      counter = undefined;
    },
  };

  function start(resources: number): ProgressCounter {
    beganAt = performance.now();
    return countProgress(resources);
  }
}

export interface LiveView {
  readonly progress: StackProgress;
  /** What is being done, for example `creating the stack`. */
  readonly step: string;
  /** Since it began. */
  readonly elapsedMs: number;
  readonly now: Date;
}

/** Cells of the bar; on a narrow terminal the words beside it come first. */
const BAR_WIDTH = { least: 6, most: 24 };
/** Room for the count, the step and the time. */
const WORDS_WIDTH = 40;
/** From an empty cell to a full one. */
const EIGHTHS = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/**
 * A bar with what is done, then what is in flight and what has failed, each failure with its reason.
 * @param size cells; what does not fit in height is counted
 */
export function liveLines(
  { progress, step, elapsedMs, now }: LiveView,
  size: { readonly columns: number; readonly rows: number },
  style: Style,
): LiveLine[] {
  const { done, total, isRollingBack, inFlight, failed } = progress;
  const what = isRollingBack ? 'rolling back' : step;
  const count =
    total === 0 ? `${done} done` : `${bar(done / total, size.columns)} ${done}/${total}`;
  const head = {
    text: `${count}  ${what}  ${duration(elapsedMs)}`,
    paint: isRollingBack ? style.yellow : style.cyan,
  };
  const failures = failed.flatMap((row) => failureLines(row, size.columns, style));
  const rows = inFlight.map((row) => ({
    text: `  ${row.status.padEnd(20)} ${row.resourceType}  ${row.logicalId}  ${duration(now.getTime() - row.since.getTime())}`,
    paint: style.dim,
  }));
  return [head, ...fit([...failures, ...rows], size.rows - 1, style)];
}

function failureLines(row: ProgressRow, columns: number, style: Style): LiveLine[] {
  const title = `  ${row.status.padEnd(20)} ${row.resourceType}  ${row.logicalId}`;
  const reason = wrapText(row.reason ?? 'no reason given', columns - 1, '    ');
  return [title, ...reason].map((text) => ({ text, paint: style.red }));
}

function fit(lines: LiveLine[], rows: number, style: Style): LiveLine[] {
  if (lines.length <= rows) return lines;
  const shown = lines.slice(0, Math.max(0, rows - 1));
  return [...shown, { text: `  and ${lines.length - shown.length} more lines`, paint: style.dim }];
}

function bar(share: number, columns: number): string {
  const width = Math.max(BAR_WIDTH.least, Math.min(BAR_WIDTH.most, columns - WORDS_WIDTH));
  const eighths = Math.round(Math.min(1, share) * width * 8);
  const full = Math.floor(eighths / 8);
  const rest = full < width ? (EIGHTHS[eighths % 8] ?? '') : '';
  return `▕${`${'█'.repeat(full)}${rest}`.padEnd(width)}▏`;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const rest = String(seconds % 60).padStart(2, '0');
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${rest} s`;
}
