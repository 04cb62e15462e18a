import type { AgentEvent } from '../agent-events/agent-event.ts';
import { createMarkdownWriter } from './markdown-writer.ts';
import { formatElapsed, formatMs, plural } from '../ui/format.ts';
import { plainText, printable } from '../ui/sanitize.ts';
import { createStyle, lastingOutput, type Terminal } from '../ui/terminal.ts';
import { createWaitingLine } from '../ui/live-block.ts';
import { fitText } from '../ui/wrap-text.ts';

/** How a turn is shown. */
export interface TurnViewOptions {
  /** Shows text without Markdown styles, and events of unknown shape. */
  readonly raw: boolean;
  /** Prints a line for every event other than text. */
  readonly showEvents: boolean;
  readonly idleLimitMs: number | undefined;
}

const REDRAW_MS = 200;
/** Shorter silences within the answer are not shown. */
const SILENCE_SHOWN_AFTER_MS = 3_000;
const TOOL_SHOWN_AFTER_MS = 500;

/** Shows a running turn: the answer on stdout, append-only, and the waiting line on stderr. */
export function createTurnView(terminal: Terminal, options: TurnViewOptions) {
  const { stderr } = terminal;
  const stdout = lastingOutput(terminal);
  const style = createStyle(stdout, terminal.env);
  const markdown = createMarkdownWriter(style, () => stdout.columns);
  // A pipe gets the agent's text unchanged, as with --raw.
  const isPlain = options.raw || !stdout.isTTY;
  const waitingLine = createWaitingLine(terminal, createStyle(stderr, terminal.env));
  let phase: Waiting['phase'] = 'sent';
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
    write(markdown.flush());
    waitingLine.hide();
    if (!atLineStart) write('\n');
    markdown.restart();
  };

  const redraw = (): void => {
    const now = performance.now();
    const silentMs = now - eventAt;
    // A word that ends with a pause, such as the last one of a sentence, is shown before the rest comes.
    if (silentMs >= REDRAW_MS) write(markdown.flush());
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
    if (event.type === 'data') return options.raw || options.showEvents ? `${event.event} ${event.data}` : undefined;
    if (!options.showEvents || event.type === 'text-delta') return undefined;
    const { type, ...members } = event;
    return `${type} ${Object.values(members).join(' ')}`;
  };

  return {
    onAccepted(): void {
      phase = 'accepted';
      eventAt = performance.now();
    },
    onRead(): void {
      readAt = performance.now();
    },
    onEvent(event: AgentEvent): void {
      if (event.type === 'heartbeat') heartbeats += 1;
      else {
        phase = 'streaming';
        eventAt = performance.now();
      }
      if (event.type === 'tool-start') tool = { name: event.name, since: performance.now() };
      if (event.type === 'tool-end' || event.type === 'text-delta') tool = undefined;
      if (event.type === 'text-delta') {
        const text = plainText(event.text);
        write(isPlain ? text : markdown.push(text));
        return;
      }
      const line = detail(event);
      if (line === undefined) return;
      breakLine();
      stderr.write(fitText(`${style.dim(`· ${plainText(line)}`)}\n`, stderr));
    },
    notice(text: string): void {
      breakLine();
      stderr.write(fitText(`${plainText(text)}\n`, stderr));
    },
    /** Ends the answer's line; a stopped answer is marked. */
    end(stopped: boolean): void {
      clearInterval(timer);
      if (!isPlain) write(markdown.end());
      if (stopped) write(`${atLineStart ? '' : ' '}${style.yellow('[stopped]')}`);
      breakLine();
    },
  };
}

/** State of a silent turn. Times are ms. */
export interface Waiting {
  readonly phase: 'sent' | 'accepted' | 'streaming';
  /** Since the start of the phase, or since the last event. */
  readonly silentMs: number;
  /** Since the last byte, heartbeats included, as an idle timer counts. */
  readonly idleMs: number;
  readonly idleLimitMs: number | undefined;
  /** The running tool. */
  readonly tool: { readonly name: string; readonly runningMs: number } | undefined;
  readonly heartbeats: number;
}

/** Silence after which the countdown to the idle limit is shown. */
const COUNTDOWN_AFTER_MS = 20_000;

/** Describes in one line what the turn waits for. */
export function describeWaiting(waiting: Waiting): string {
  const { phase, tool, silentMs, idleMs, idleLimitMs, heartbeats } = waiting;
  const task = phase === 'streaming' ? 'waiting for more' : `${phase}, waiting for the agent`;
  const what = tool
    ? `tool ${printable(tool.name)} running ${formatElapsed(tool.runningMs)}`
    : `${task} ${formatElapsed(silentMs)}`;
  const beats = heartbeats === 0 ? '' : ` · ${plural(heartbeats, 'heartbeat')}`;
  const left = idleLimitMs === undefined ? undefined : idleLimitMs - idleMs;
  const countdown =
    idleMs >= COUNTDOWN_AFTER_MS && left !== undefined && phase !== 'sent'
      ? ` · silent for ${formatElapsed(idleMs)}, the idle limit cuts in ${formatMs(Math.max(0, left))}`
      : '';
  return what + beats + countdown;
}
