import type { StackReport } from '../stack-report.ts';
import { createJsonLines } from '../../ui/json-lines.ts';
import { createLineReporter } from './stack-line-reporter.ts';
import { createLiveReporter } from './stack-live-reporter.ts';
import type { StackLog } from './stack-log.ts';
import type { Terminal } from '../../ui/terminal.ts';

/** Shows a stack operation while it runs. */
export interface StackReporter {
  report(report: StackReport): void;
  /** Ends the progress display, before anything else is printed. */
  done(): void;
}

export interface StackReporterOptions {
  readonly json: boolean;
  /** Not every change; and without a terminal only steps, notes and failures. */
  readonly brief?: boolean;
  /** Gets everything, whatever is shown. */
  readonly log?: StackLog | undefined;
}

/**
 * `--json`: everything as a line on stdout. A TTY: a live block, and what stays above it. Else: a line an event, or with `brief` a
 * line a step and a failure.
 */
export async function createStackReporter(
  terminal: Terminal,
  { json, brief = false, log }: StackReporterOptions,
): Promise<StackReporter> {
  const reporter = json ? jsonReporter(terminal) : await peopleReporter(terminal, brief);
  return {
    report(report) {
      log?.report(report);
      reporter.report(report);
    },
    done: () => reporter.done(),
  };
}

async function peopleReporter(terminal: Terminal, brief: boolean): Promise<StackReporter> {
  if (terminal.stderr.canRedraw) return createLiveReporter(terminal, brief);
  return createLineReporter(terminal, { brief });
}

function jsonReporter(terminal: Terminal): StackReporter {
  const print = createJsonLines(terminal.stdout);
  return {
    report(report) {
      if (report.type === 'stack-event') print({ type: 'stack-event', ...report.event });
      else if (report.type === 'validation-failure') {
        print({ type: 'validation-failure', ...report.failure });
      } else print(report);
    },
    done: () => undefined,
  };
}
