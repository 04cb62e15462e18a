import { plainText } from '../../ui/sanitize.ts';
import { formatElapsed } from '../../ui/format.ts';
import { createLiveBlock, type LiveLine } from '../../ui/live-block.ts';
import { stackLines, type StackReporter } from './stack-lines.ts';
import { countProgress, type ProgressCounter, type ProgressRow } from '../stack-report.ts';
import { createStyle, type Style, type Terminal } from '../../ui/terminal.ts';
import { wrapText } from '../../ui/wrap-text.ts';

const REDRAW_MS = 1_000;
/** Height of a terminal that does not report it. */
const DEFAULT_ROWS = 24;

/**
 * For a terminal: a spinner during preparations, then a block that is redrawn while an operation runs and shows failures in red at
 * once. Both disappear at the end; permanent lines are written above them.
 * @param brief omits the list of changes
 */
export async function createLiveReporter(terminal: Terminal, brief: boolean): Promise<StackReporter> {
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
    // One row for the cursor's line, one for the command line above.
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
    timer = setInterval(draw, REDRAW_MS).unref();
  };

  return {
    report(report) {
      hide();
      if (report.type === 'stack-event') {
        counter ??= start(0);
        counter.add(report.event);
      } else if (report.type === 'begun') {
        counter = start(report.resources);
      } else if (report.type === 'step') {
        step = report.text;
        counter = undefined;
      } else if (!(brief && report.type === 'changes')) {
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

interface LiveView {
  readonly progress: ReturnType<ProgressCounter['now']>;
  /** The current step, for example `creating the stack`. */
  readonly step: string;
  /** Since the start of the operation. */
  readonly elapsedMs: number;
  readonly now: Date;
}

/** Cells of the bar; it shrinks on a narrow terminal. */
const BAR_WIDTH = { least: 6, most: 24 };
/** Cells for the count, the step and the time. */
const WORDS_WIDTH = 40;
/** Fill levels of a cell. */
const EIGHTHS = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/**
 * A progress bar, then failed resources with their reasons and resources in progress.
 * @param size cells; the last line counts lines that do not fit
 */
export function liveLines(view: LiveView, size: { readonly columns: number; readonly rows: number }, style: Style): LiveLine[] {
  const { progress, step, elapsedMs, now } = view;
  const { done, total, isRollingBack, inFlight, failed } = progress;
  const what = isRollingBack ? 'rolling back' : step;
  const count = total === 0 ? `${done} done` : `${bar(done / total, size.columns)} ${done}/${total}`;
  const head = { text: `${count}  ${what}  ${formatElapsed(elapsedMs)}`, paint: isRollingBack ? style.yellow : style.cyan };
  const failures = failed.flatMap((row) => failureLines(row, size.columns, style));
  const rows = inFlight.map((row) => ({
    text: `  ${row.status.padEnd(20)} ${row.resourceType}  ${row.logicalId}  ${formatElapsed(now.getTime() - row.since.getTime())}`,
    paint: style.dim,
  }));
  return [head, ...fit([...failures, ...rows], size.rows - 1, style)];
}

function failureLines(row: ProgressRow, columns: number, style: Style): LiveLine[] {
  const title = `  ${row.status.padEnd(20)} ${row.resourceType}  ${row.logicalId}`;
  const reason = wrapText(plainText(row.reason ?? 'no reason given'), columns - 1, '    ');
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
