import type { DeployEvent } from '../stack/deploy-stack.ts';
import type { StackEvent } from '../stack/stack-event.ts';
import { createJsonLines } from './json-lines.ts';
import { createStyle } from './style.ts';
import type { Terminal } from './terminal.ts';

/** Shows a stack operation while it runs. */
export interface StackReporter {
  report(event: DeployEvent): void;
  /** Ends the progress display, before anything else is printed. */
  done(): void;
}

/**
 * `--json`: every event as a line on stdout. A TTY: one live line, and failures in full at once. Else: a line an event, or with
 * `brief` a line a step and a failure.
 */
export async function createStackReporter(
  terminal: Terminal,
  { json, brief = false }: { readonly json: boolean; readonly brief?: boolean },
): Promise<StackReporter> {
  if (json) return jsonReporter(terminal);
  return terminal.stderr.canRedraw ? await liveReporter(terminal) : lineReporter(terminal, brief);
}

function jsonReporter(terminal: Terminal): StackReporter {
  const print = createJsonLines(terminal.stdout);
  return {
    report(event) {
      if (event.type === 'stack-event') print({ type: 'stack-event', ...event.event });
      else print(event);
    },
    done: () => undefined,
  };
}

function lineReporter(terminal: Terminal, brief: boolean): StackReporter {
  const shown = (event: StackEvent): boolean => !brief || event.status.endsWith('_FAILED');
  return {
    report(event) {
      if (event.type === 'step') terminal.stderr.write(`${event.text}\n`);
      if (event.type === 'changes') terminal.stderr.write(`${changesLine(event.changes)}\n`);
      if (event.type === 'stack-event' && shown(event.event)) {
        terminal.stderr.write(`${eventLine(event.event)}\n`);
      }
    },
    done: () => undefined,
  };
}

async function liveReporter(terminal: Terminal): Promise<StackReporter> {
  const { default: ora } = await import('ora');
  const style = createStyle(terminal.stderr, terminal.env);
  const spinner = ora({
    stream: terminal.stderr.stream as NodeJS.WriteStream,
    discardStdin: false,
  });
  const finished = new Set<string>();
  let total = 0;
  let step = '';
  const show = (detail: string): void => {
    const count = total === 0 ? '' : ` (${Math.min(finished.size, total)}/${total})`;
    spinner.text = `${step}${count}${detail}`;
    if (!spinner.isSpinning) spinner.start();
  };
  return {
    report(event) {
      if (event.type === 'step') {
        step = event.text;
        show('');
      } else if (event.type === 'changes') {
        total = event.changes.length;
      } else {
        const { status, logicalId, isStack, reason } = event.event;
        if (!isStack && status.endsWith('_COMPLETE')) finished.add(logicalId);
        if (status.endsWith('_FAILED') && !isStack) {
          spinner.stop();
          terminal.stderr.write(`${style.red(`${logicalId} ${status}`)} ${reason ?? ''}\n`);
        }
        show(` ${style.dim(logicalId)}`);
      }
    },
    done: () => void spinner.stop(),
  };
}

function changesLine(changes: readonly { readonly action: string }[]): string {
  const count = (action: string): number =>
    changes.filter((change) => change.action === action).length;
  return `${count('Add')} to add, ${count('Modify')} to change, ${count('Remove')} to remove`;
}

function eventLine(event: StackEvent): string {
  const reason = event.reason ? ` ${event.reason}` : '';
  return `${event.status} ${event.logicalId} (${event.resourceType})${reason}`;
}
