import type { AgentEvent } from '../agent-events/agent-event.ts';
import { AnswerReader } from '../agent-events/answer-reader.ts';
import { type CompressedBody, createCompressedBody, encodingOf } from './compressed-body.ts';
import type { Ending, StreamPart } from './stream-part.ts';
import { StreamMeter } from './measure.ts';
import type { StreamMetrics } from './metrics-schema.ts';
import { classifyOutcome, isSuccess, type StreamLimits } from './outcome.ts';

const MAX_ERROR_BODY_BYTES = 65_536;

const NOTHING: readonly AgentEvent[] = [];

/**
 * Turns the parts of one turn into events and metrics: the same for chat, invoke, bench and a recording. Its memory is bounded, however long
 * the stream.
 */
export class Receiver {
  readonly #limits: StreamLimits;
  #answer: AnswerReader | undefined;
  #hasRead = false;
  #compressed: CompressedBody | undefined;
  #errorBody: ReturnType<typeof createBodyText> | undefined;
  #meter: StreamMeter | undefined;
  #sentAt = 0;
  #head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  /** The stamp of what is being read. */
  #at = 0;

  constructor(limits: StreamLimits = {}) {
    this.#limits = limits;
  }

  /** @returns events that this part completed; an answer that is not a success gives none */
  push(part: StreamPart): readonly AgentEvent[] {
    if (part.type === 'chunk') return this.#read(this.#meter ?? this.#start(part.at), part);
    if (part.type === 'sent') {
      this.#start(part.at);
    } else if (part.type === 'headers') {
      const { at, status, headers } = part;
      const meter = this.#meter ?? this.#start(at);
      meter.headers(at);
      this.#head = { status, headers };
      if (!isSuccess(status)) return NOTHING;
      const onItem = (events: readonly AgentEvent[]): void => meter.events(this.#at, events);
      this.#answer = new AnswerReader(headers['content-type'] ?? '', onItem);
    } else {
      return this.settle(part.at);
    }
    return NOTHING;
  }

  /** Call when no `end` part will come. @returns events that were held back because more could follow */
  settle(at: number): readonly AgentEvent[] {
    this.#at = at;
    const compressed = this.#compressed ? this.#decompress(this.#compressed) : NOTHING;
    return [...compressed, ...(this.#answer?.end() ?? NOTHING)];
  }

  /** @param at when the end was known, on the clock of the parts; a turn without a `sent` part is measured from here */
  finish(at: number, ending: Ending, limits: StreamLimits = this.#limits): StreamMetrics {
    const meter = this.#meter ?? this.#start(at);
    const facts = {
      ending,
      status: this.#head?.status,
      headers: this.#head?.headers ?? {},
      errorBody: this.errorBody,
      sawError: meter.sawError,
      sawContent: meter.sawContent,
      awaitsFinish: this.#answer?.awaitsFinish ?? false,
      silenceMs: meter.silenceMs(at),
      lengthMs: at - this.#sentAt,
    };
    return meter.finish(at, classifyOutcome(facts, limits), limits.idleLimitMs);
  }

  /** Undefined until the headers have come. */
  get head() {
    return this.#head;
  }

  /** Body of an answer that is not a success, its first 64 KiB. */
  get errorBody(): string {
    return this.#errorBody?.text() ?? '';
  }

  #start(at: number): StreamMeter {
    this.#sentAt = at;
    this.#meter = new StreamMeter(at);
    return this.#meter;
  }

  #read(meter: StreamMeter, { at, bytes }: StreamPart & { type: 'chunk' }): readonly AgentEvent[] {
    meter.read(at, bytes.length);
    this.#at = at;
    if (!this.#hasRead) this.#begin(bytes);
    if (this.#answer && !this.#compressed) return this.#answer.push(bytes);
    const body = this.#compressed ?? (this.#errorBody ??= createBodyText());
    body.push(bytes);
    return NOTHING;
  }

  #begin(first: Uint8Array): void {
    this.#hasRead = true;
    const encoding = this.#answer && encodingOf(this.#head?.headers['content-encoding'], first);
    if (encoding) this.#compressed = createCompressedBody(encoding);
  }

  #decompress(body: CompressedBody): readonly AgentEvent[] {
    const { bytes, isUndone } = body.read();
    const how = isUndone ? 'and could be read only at its end' : 'and cannot be decompressed';
    const detail = `the answer came compressed (${body.description}) ${how}`;
    return [{ type: 'malformed', problem: 'encoding', detail }, ...(this.#answer?.push(bytes) ?? NOTHING)];
  }
}

/** Collects a UTF-8 body up to the bound; a character cut by the bound is left out. */
function createBodyText() {
  const decoder = new TextDecoder();
  let text = '';
  let kept = 0;
  return {
    push(bytes: Uint8Array): void {
      const taken = Math.min(bytes.length, MAX_ERROR_BODY_BYTES - kept);
      kept += taken;
      if (taken > 0) text += decoder.decode(bytes.subarray(0, taken), { stream: true });
    },
    text: () => text,
  };
}
