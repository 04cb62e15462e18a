import type { StackReport } from '../stack-report.ts';
import { changeSummary, stackLines } from './stack-lines.ts';
import { countProgress } from './stack-progress.ts';
import type { StackReporter } from './stack-reporter.ts';
import { createStyle } from '../../ui/style.ts';
import type { Terminal } from '../../ui/terminal.ts';

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
