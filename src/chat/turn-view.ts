import type { AgentEvent } from '../agent-events/agent-event.ts';
import { createMarkdownWriter } from './markdown-writer.ts';
import { createStyle } from '../ui/style.ts';
import type { Terminal } from '../ui/terminal.ts';
import { createWaitingLine, describeWaiting } from '../ui/waiting-line.ts';

/** How a turn is shown. */
export interface TurnViewOptions {
  /** Without Markdown styles, and with the events that nobody knows. */
  readonly raw: boolean;
  /** A line for every event that is no text. */
  readonly showEvents: boolean;
  readonly idleLimitMs: number | undefined;
}

export interface TurnView {
  onAccepted(): void;
  onRead(): void;
  onEvent(event: AgentEvent): void;
  notice(text: string): void;
  /** Ends the answer's line; a stopped answer is marked. */
  end(stopped: boolean): void;
}

const REDRAW_MS = 200;
/** A silence within the answer shorter than this is part of its rhythm. */
const SILENCE_SHOWN_AFTER_MS = 3_000;
const TOOL_SHOWN_AFTER_MS = 500;

/** Shows a turn while it runs: the answer on stdout, append-only; what is awaited on stderr, in a line of its own. */
export function createTurnView(terminal: Terminal, options: TurnViewOptions): TurnView {
  const { stdout, stderr } = terminal;
  const style = createStyle(stdout, terminal.env);
  const markdown = createMarkdownWriter(style, () => stdout.columns);
  const waitingLine = createWaitingLine(terminal, createStyle(stderr, terminal.env));
  let phase: 'connecting' | 'accepted' | 'streaming' = 'connecting';
  let eventAt = performance.now();
  let readAt = eventAt;
  let tool: { name: string; since: number } | undefined;
  let heartbeats = 0;
  let atLineStart = true;

  const write = (text: string): void => {
    if (text === '') return;
    waitingLine.hide();
    stdout.write(text);
    atLineStart = text.endsWith('\n');
  };
  const breakLine = (): void => {
    waitingLine.hide();
    if (!atLineStart) write('\n');
  };

  const redraw = (): void => {
    const now = performance.now();
    const silentMs = now - eventAt;
    const due =
      phase !== 'streaming' ||
      silentMs >= SILENCE_SHOWN_AFTER_MS ||
      (tool !== undefined && now - tool.since >= TOOL_SHOWN_AFTER_MS);
    if (!due || !stderr.canRedraw) return;
    if (!atLineStart) breakLine();
    waitingLine.show(
      describeWaiting({
        phase,
        silentMs,
        idleMs: now - readAt,
        idleLimitMs: options.idleLimitMs,
        tool: tool && { name: tool.name, runningMs: now - tool.since },
        heartbeats,
      }),
    );
  };
  const timer = setInterval(redraw, REDRAW_MS);

  const detail = (event: AgentEvent): string | undefined => {
    if (event.type === 'data')
      return options.raw || options.showEvents ? `${event.event} ${event.data}` : undefined;
    if (!options.showEvents || event.type === 'text-delta') return undefined;
    const { type, ...members } = event;
    return `${type} ${Object.values(members).join(' ')}`;
  };

  return {
    onAccepted() {
      phase = 'accepted';
      eventAt = performance.now();
    },
    onRead() {
      readAt = performance.now();
    },
    onEvent(event) {
      if (event.type === 'heartbeat') heartbeats += 1;
      else {
        phase = 'streaming';
        eventAt = performance.now();
      }
      if (event.type === 'tool-start') tool = { name: event.name, since: performance.now() };
      if (event.type === 'tool-end' || event.type === 'text-delta') tool = undefined;
      if (event.type === 'text-delta') {
        write(options.raw ? event.text : markdown.push(event.text));
        return;
      }
      const line = detail(event);
      if (line === undefined) return;
      breakLine();
      stderr.write(`${style.dim(`· ${line}`)}\n`);
    },
    notice(text) {
      breakLine();
      stderr.write(`${text}\n`);
    },
    end(stopped) {
      clearInterval(timer);
      if (!options.raw) write(markdown.end());
      if (stopped) write(`${atLineStart ? '' : ' '}${style.yellow('[stopped]')}`);
      breakLine();
    },
  };
}
