import { formatMs } from './format.ts';
import type { Style } from './style.ts';
import type { Terminal } from './terminal.ts';

/** What is known of a turn that is silent. Times are ms. */
export interface Waiting {
  readonly phase: 'connecting' | 'accepted' | 'streaming';
  /** Since the phase, or the last event, began. */
  readonly silentMs: number;
  /** Since anything at all came, a heartbeat too: what an idle timer sees. */
  readonly idleMs: number;
  readonly idleLimitMs: number | undefined;
  /** The tool that runs, and for how long. */
  readonly tool: { readonly name: string; readonly runningMs: number } | undefined;
  readonly heartbeats: number;
}

/** From here on the countdown to the idle limit is shown. */
const COUNTDOWN_AFTER_MS = 20_000;

/** Says what is awaited, in one line. */
export function describeWaiting(waiting: Waiting): string {
  const { tool, silentMs, idleMs, idleLimitMs, heartbeats } = waiting;
  const what = tool
    ? `tool ${tool.name} running ${seconds(tool.runningMs)}`
    : {
        connecting: `connecting ${seconds(silentMs)}`,
        accepted: `accepted, waiting for the agent ${seconds(silentMs)}`,
        streaming: `waiting for more ${seconds(silentMs)}`,
      }[waiting.phase];
  const beats = heartbeats === 0 ? '' : ` · ${heartbeats} heartbeat${heartbeats === 1 ? '' : 's'}`;
  const left = idleLimitMs === undefined ? undefined : idleLimitMs - idleMs;
  const countdown =
    idleMs >= COUNTDOWN_AFTER_MS && left !== undefined && waiting.phase !== 'connecting'
      ? ` · silent for ${seconds(idleMs)}, the idle limit cuts in ${formatMs(Math.max(0, left))}`
      : '';
  return what + beats + countdown;
}

/** One line that is redrawn in place; only on a terminal, and only at the start of a line. */
export interface WaitingLine {
  show(text: string): void;
  hide(): void;
}

export function createWaitingLine(terminal: Terminal, style: Style): WaitingLine {
  const output = terminal.stderr;
  if (!output.canRedraw) return { show: () => undefined, hide: () => undefined };
  let shown = '';
  return {
    show(text) {
      const line = text.slice(0, output.columns - 1);
      if (line === shown) return;
      output.write(`\r\u001B[K${style.dim(line)}`);
      shown = line;
    },
    hide() {
      if (shown !== '') output.write('\r\u001B[K');
      shown = '';
    },
  };
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1_000)} s`;
}
