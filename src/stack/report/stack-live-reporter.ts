import { createLiveBlock } from '../../ui/live-block.ts';
import { stackLines } from './stack-lines.ts';
import { liveLines } from './stack-live-lines.ts';
import { countProgress, type ProgressCounter } from './stack-progress.ts';
import type { StackReporter } from './stack-reporter.ts';
import { createStyle } from '../../ui/style.ts';
import type { Terminal } from '../../ui/terminal.ts';

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
