import { countProgress } from '../stack-report.ts';
import { createLiveReporter } from './live-reporter.ts';
import type { StackLog } from './stack-log.ts';
import { createJsonLines, createStyle, type Terminal } from '../../ui/terminal.ts';
import { changeSummary, stackLines, type StackReporter } from './stack-lines.ts';

export interface StackReporterOptions {
  readonly json: boolean;
  /** Omits the list of changes; without a terminal, prints only steps, notes and failures. */
  readonly brief?: boolean;
  /** Receives every event, even hidden ones. */
  readonly log?: StackLog | undefined;
}

/**
 * `--json` prints every event as a line on stdout. A TTY gets a live block, with permanent lines above it; anything else a line per
 * event, or with `brief` per step and failure.
 */
export async function createStackReporter(terminal: Terminal, options: StackReporterOptions): Promise<StackReporter> {
  const { json, brief = false, log } = options;
  const reporter = json
    ? jsonReporter(terminal)
    : terminal.stderr.canRedraw
      ? await createLiveReporter(terminal, brief)
      : createLineReporter(terminal, { brief });
  return {
    report(report) {
      log?.report(report);
      reporter.report(report);
    },
    done: () => reporter.done(),
  };
}

function jsonReporter(terminal: Terminal): StackReporter {
  const print = createJsonLines(terminal.stdout);
  return {
    report(report) {
      if (report.type === 'stack-event') print({ type: 'stack-event', ...report.event });
      else if (report.type === 'validation-failure') print({ type: 'validation-failure', ...report.failure });
      else print(report);
    },
    done: () => undefined,
  };
}

/** CI systems often kill a job that prints nothing for long. */
const SILENCE_MS = 30_000;

/**
 * For output that cannot be redrawn: a line per event, and one after a long silence.
 * @param options.brief only steps, notes and failures
 * @param options.silenceMs silence after which a line names the resources in progress, ms
 */
export function createLineReporter(
  terminal: Terminal,
  { brief, silenceMs = SILENCE_MS }: { readonly brief: boolean; readonly silenceMs?: number },
): StackReporter {
  const { stderr } = terminal;
  const style = createStyle(stderr, terminal.env);
  const progress = countProgress(0);
  let timer: NodeJS.Timeout | undefined;

  const write = (lines: readonly string[]): void => {
    for (const line of lines) stderr.write(`${line}\n`);
    clearTimeout(timer);
    timer = setTimeout(tellSilence, silenceMs).unref();
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
      else if (report.type !== 'stack-event' || report.event.status.endsWith('_FAILED')) write(stackLines(report, style));
    },
    done: () => clearTimeout(timer),
  };
}
