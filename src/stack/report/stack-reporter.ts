import type { StackReport } from '../stack-report.ts';
import { createJsonLines } from '../../ui/json-lines.ts';
import { createLiveReporter } from './live-reporter.ts';
import type { StackLog } from './stack-log.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { changeSummary, stackLines, type StackReporter } from './stack-lines.ts';
import { countProgress } from './stack-progress.ts';
import { createStyle } from '../../ui/style.ts';

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

/** What runs a job often takes one that is silent for dead. */
const SILENCE_MS = 30_000;

export interface LineOptions {
  /** Only steps, notes and failures. */
  readonly brief: boolean;
  /** After which a line says what is still in progress. */
  readonly silenceMs?: number;
}

/** Where nothing can be redrawn: a line an event, and one when there was none for long. */
export function createLineReporter(
  terminal: Terminal,
  { brief, silenceMs = SILENCE_MS }: LineOptions,
): StackReporter {
  const { stderr } = terminal;
  const style = createStyle(stderr, terminal.env);
  const progress = countProgress(0);
  let timer: NodeJS.Timeout | undefined;

  const write = (lines: readonly string[]): void => {
    for (const line of lines) stderr.write(`${line}\n`);
    clearTimeout(timer);
    timer = setTimeout(tellSilence, silenceMs);
    timer.unref();
  };
  const tellSilence = (): void => {
    const names = progress.now().inFlight.map(({ logicalId }) => logicalId);
    write([`still in progress: ${names.length === 0 ? 'waiting for AWS' : names.join(', ')}`]);
  };

  return {
    report(report) {
      if (report.type === 'stack-event') progress.add(report.event);
      if (!brief) write(stackLines(report, style));
      else if (report.type === 'changes') write([changeSummary(report.changes)]);
      else if (isNeeded(report)) write(stackLines(report, style));
    },
    done: () => clearTimeout(timer),
  };
}

function isNeeded(report: StackReport): boolean {
  return report.type !== 'stack-event' || report.event.status.endsWith('_FAILED');
}
