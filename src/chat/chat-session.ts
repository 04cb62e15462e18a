import { randomUUID } from 'node:crypto';
import { runTurnWithRetries } from '../endpoint/retry.ts';
import { type TurnResult } from '../endpoint/run-turn.ts';
import { type Terminal, whenDrained } from '../ui/terminal.ts';
import type { TimelineEvent } from './timeline.ts';
import { isSuccess } from '../stream/outcome.ts';
import type { Hop } from '../stream/stream-part.ts';
import type { Connection, OpenConnection } from '../endpoint/connection.ts';
import { createTurnRecorder } from './turn-recorder.ts';
import { createTurnView } from './turn-view.ts';

export interface PastTurn {
  readonly prompt: string;
  /** The agent's Markdown; partial when `stopped`. */
  readonly answer: string;
  readonly stopped: boolean;
  readonly result: TurnResult;
  readonly timeline: readonly TimelineEvent[];
  readonly isNewSession: boolean;
  /** Lines of its recording; empty when it exceeded the limit. */
  readonly recording: readonly string[];
}

export interface ChatSettings {
  raw: boolean;
  showEvents: boolean;
  stats: 'off' | 'short' | 'full';
}

/** Longest recording of a turn that is kept in memory, in characters. */
const MAX_RECORDING_LENGTH = 32_000_000;

interface ChatStart {
  readonly terminal: Terminal;
  readonly open: OpenConnection;
  readonly connection: Connection;
  readonly hop: Hop;
  /** Session to continue; undefined for a new one. */
  readonly sessionId: string | undefined;
  /** AgentCore endpoint name. */
  readonly qualifier: string | undefined;
  readonly settings: ChatSettings;
  readonly record: ((line: string) => void) | undefined;
}

/** One chat: a session with the agent over one hop, and its turns. */
export class ChatSession {
  readonly settings: ChatSettings;
  readonly turns: PastTurn[] = [];
  connection: Connection;
  hop: Hop;
  sessionId: string;
  isNewSession: boolean;
  readonly #start: ChatStart;

  constructor(start: ChatStart) {
    this.#start = start;
    this.connection = start.connection;
    this.hop = start.hop;
    this.sessionId = start.sessionId ?? randomUUID();
    this.isNewSession = start.sessionId === undefined;
    this.settings = start.settings;
  }

  startSession(): void {
    this.sessionId = randomUUID();
    this.isNewSession = true;
  }

  resumeSession(sessionId: string): void {
    this.sessionId = sessionId;
    this.isNewSession = false;
  }

  /** Changes the hop and keeps the session. @throws errors of the new connection; then the hop stays the same */
  async changeHop(hop: Hop): Promise<void> {
    const next = await this.#start.open(hop);
    await this.connection.close();
    this.connection = next;
    this.hop = hop;
  }

  /** Sends a prompt and shows the answer. On abort, stops the agent as well and keeps the partial answer. */
  async send(prompt: string, signal: AbortSignal): Promise<PastTurn> {
    const { terminal, qualifier, record } = this.#start;
    const view = createTurnView(terminal, { ...this.settings, idleLimitMs: this.connection.idleLimitMs });
    const request = { prompt, sessionId: this.sessionId, qualifier };
    let recording: string[] = [];
    let recordedLength = 0;
    const recorder = createTurnRecorder(this.hop, request, this.connection, (line) => {
      recordedLength += line.length;
      if (recordedLength > MAX_RECORDING_LENGTH) recording = [];
      else recording.push(line);
      record?.(line);
    });
    const timeline: TimelineEvent[] = [];
    let sentAt = performance.now();
    let answer = '';
    const result = await runTurnWithRetries(
      this.connection,
      request,
      {
        onAccepted: () => view.onAccepted(),
        drained: () => whenDrained(terminal.stdout),
        onPart(part) {
          recorder.onPart(part);
          if (part.type === 'sent') sentAt = part.at;
          else if (part.type === 'chunk') view.onRead();
          if (part.type !== 'chunk') timeline.push({ atMs: part.at - sentAt, type: part.type });
        },
        onEvent(event, at) {
          const label = event.type === 'tool-start' || event.type === 'tool-end' ? event.name : undefined;
          timeline.push({ atMs: at - sentAt, type: event.type, label });
          if (event.type === 'text-delta') answer += event.text;
          view.onEvent(event);
        },
      },
      signal,
      (text) => view.notice(text),
    );
    recorder.finish(result);
    view.end(signal.aborted);
    if (signal.aborted) await this.#stopAgent();
    const turn: PastTurn = {
      prompt,
      answer,
      stopped: signal.aborted,
      result,
      timeline,
      isNewSession: this.isNewSession,
      recording,
    };
    this.turns.push(turn);
    if (result.status !== undefined && isSuccess(result.status)) this.isNewSession = false;
    return turn;
  }

  async #stopAgent(): Promise<void> {
    try {
      await this.connection.transport.stop(this.sessionId, this.#start.qualifier);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#start.terminal.stderr.write(`could not stop the agent, which may continue to work: ${reason}\n`);
    }
  }
}
