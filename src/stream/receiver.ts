import { createAgentEventReader, readWholeAnswer } from '../agent-events/agent-event-reader.ts';
import type { AgentEvent } from '../agent-events/agent-event.ts';
import { createSseDecoder, type SseItem } from '../agent-events/sse.ts';
import type { Ending, StreamPart } from './stream-part.ts';
import { createStreamMeter, type StreamMeter, type StreamMetrics } from './measure.ts';
import { classifyOutcome, type StreamLimits } from './outcome.ts';

/** Turns the parts of one turn into events and metrics: the same for chat, invoke, bench and a recording. */
export interface Receiver {
  /**
   * @returns events that this part completed. A body that is not an event stream gives them with its `end`, an answer that is not
   * 200 gives none
   */
  push(part: StreamPart): readonly AgentEvent[];
  /**
   * Closes the measurement. A turn without a `sent` part is measured from here.
   * @param at when the end was known, on the clock of the parts
   */
  finish(at: number, ending: Ending, limits?: StreamLimits): StreamMetrics;
  /** Undefined until the headers have come. */
  readonly head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  /** Body of an answer that is not 200, its first 64 KiB. */
  readonly errorBody: string;
}

/** Bytes kept of an error's body. */
const MAX_ERROR_BODY_BYTES = 65_536;
/** Bytes kept of an answer that is not an event stream: more than a model writes in a turn. */
const MAX_WHOLE_BODY_BYTES = 8_388_608;

const NOTHING: readonly AgentEvent[] = [];

/** A receiver for one turn. Its memory is bounded, however long the stream. */
export function createReceiver(options: { readonly limits?: StreamLimits } = {}): Receiver {
  return new TurnReceiver(options.limits ?? {});
}

class TurnReceiver implements Receiver {
  readonly #limits: StreamLimits;
  readonly #decoder = createSseDecoder();
  readonly #reader = createAgentEventReader();
  /** The body of an answer that is not an event stream. */
  #bodyText: BodyText | undefined;
  #meter: StreamMeter | undefined;
  #sentAt = 0;
  #head: Receiver['head'];
  #body: 'events' | 'whole' | 'error' = 'error';

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  push(part: StreamPart): readonly AgentEvent[] {
    if (part.type === 'chunk') return this.#read(this.#meter ?? this.#start(part.at), part);
    if (part.type === 'sent') {
      this.#start(part.at);
    } else if (part.type === 'headers') {
      const { at, status, headers } = part;
      (this.#meter ?? this.#start(at)).headers(at);
      this.#head = { status, headers };
      this.#body = status === 200 ? bodyOf(headers) : 'error';
    } else if (this.#body === 'whole') {
      return this.#readWhole(part.at);
    }
    return NOTHING;
  }

  finish(at: number, ending: Ending, limits: StreamLimits = this.#limits): StreamMetrics {
    const meter = this.#meter ?? this.#start(at);
    const facts = {
      ending,
      status: this.#head?.status,
      headers: this.#head?.headers ?? {},
      errorBody: this.errorBody,
      sawError: meter.sawError,
      awaitsFinish: this.#reader.awaitsFinish,
      silenceMs: meter.silenceMs(at),
      lengthMs: at - this.#sentAt,
    };
    return meter.finish(at, classifyOutcome(facts, limits), limits.idleLimitMs);
  }

  get head(): Receiver['head'] {
    return this.#head;
  }

  get errorBody(): string {
    return this.#body === 'error' ? (this.#bodyText?.text() ?? '') : '';
  }

  #start(at: number): StreamMeter {
    this.#sentAt = at;
    this.#meter = createStreamMeter(at);
    return this.#meter;
  }

  #read(meter: StreamMeter, { at, bytes }: StreamPart & { type: 'chunk' }): readonly AgentEvent[] {
    meter.read(at, bytes.length);
    if (this.#body !== 'events') {
      const isWhole = this.#body === 'whole';
      this.#bodyText ??= createBodyText(isWhole ? MAX_WHOLE_BODY_BYTES : MAX_ERROR_BODY_BYTES);
      this.#bodyText.push(bytes);
      return NOTHING;
    }
    const items = this.#decoder.push(bytes);
    const [first] = items;
    // Mostly a read completes one event: no list of lists then.
    if (items.length === 1 && first) return this.#readItem(meter, at, first);
    return items.flatMap((item) => this.#readItem(meter, at, item));
  }

  #readItem(meter: StreamMeter, at: number, item: SseItem): readonly AgentEvent[] {
    const events = this.#reader.read(item);
    if (events.length > 0) meter.events(at, events);
    return events;
  }

  #readWhole(at: number): readonly AgentEvent[] {
    const contentType = this.#head?.headers['content-type'] ?? '';
    const events = readWholeAnswer(contentType, this.#bodyText?.text() ?? '');
    if (events.length > 0) this.#meter?.events(at, events);
    const lostBytes = this.#bodyText?.lostBytes ?? 0;
    return lostBytes === 0 ? events : [...events, { type: 'data', event: 'truncated', data: `${lostBytes} bytes` }];
  }
}

function bodyOf(headers: Readonly<Record<string, string>>): 'events' | 'whole' {
  return /^\s*text\/event-stream\b/i.test(headers['content-type'] ?? '') ? 'events' : 'whole';
}

interface BodyText {
  push(bytes: Uint8Array): void;
  text(): string;
  /** Bytes past the bound. */
  readonly lostBytes: number;
}

/**
 * Collects a UTF-8 body up to a bound.
 * @param maxBytes what is kept; a character cut by the bound is left out
 */
function createBodyText(maxBytes: number): BodyText {
  const decoder = new TextDecoder();
  let text = '';
  let kept = 0;
  let lostBytes = 0;
  return {
    push(bytes) {
      const taken = Math.min(bytes.length, maxBytes - kept);
      kept += taken;
      lostBytes += bytes.length - taken;
      if (taken > 0) text += decoder.decode(bytes.subarray(0, taken), { stream: true });
    },
    text: () => text,
    get lostBytes() {
      return lostBytes;
    },
  };
}
