import type { ProbeArrival } from './judge-probe.ts';
import type { ReadTrace } from './read-trace.ts';
import type { TurnRecord } from './turn-record.ts';
import type { TurnListener } from '../../endpoint/run-turn.ts';
import type { ProbeEvent } from '../../protocol.ts';
import type { AgentEvent } from '../../agent-events/agent-event.ts';
import type { StreamPart } from '../../stream/stream-part.ts';

/** Listens to one turn for what its metrics do not say. A class: called for each read and each event of each stream. */
export class TurnWatch implements TurnListener {
  sentAt: number | undefined;
  /** Of an error event. */
  errorCode: string | undefined;
  tokens: TurnRecord['tokens'];
  readonly #trace: ReadTrace;
  readonly #probeEvents: {
    readonly index: number;
    readonly sentMs: number;
    readonly at: number;
  }[] = [];

  constructor(trace: ReadTrace) {
    this.#trace = trace;
  }

  onPart(part: StreamPart): void {
    if (part.type === 'chunk') this.#trace.read(part.at, part.bytes.length);
    else if (part.type === 'sent') this.sentAt = part.at;
  }

  onEvent(event: AgentEvent, at: number): void {
    const { type } = event;
    this.#trace.event(at, type);
    if (type === 'text-delta') return;
    if (type === 'usage') {
      const { input = 0, output = 0 } = this.tokens ?? {};
      this.tokens = {
        input: input + (event.inputTokens ?? 0),
        output: output + (event.outputTokens ?? 0),
      };
    } else if (type === 'error') {
      this.errorCode ??= event.code;
    } else if (type === 'data' && event.event === 'probe') {
      const { index, sent_ms: sentMs } = JSON.parse(event.data) as ProbeEvent;
      this.#probeEvents.push({ index, sentMs, at });
    }
  }

  probeEvents(): ProbeArrival[] {
    const sentAt = this.sentAt ?? 0;
    return this.#probeEvents.map(({ index, sentMs, at }) => ({ index, sentMs, atMs: at - sentAt }));
  }
}
