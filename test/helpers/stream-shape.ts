import type { SseItem } from '../../src/agent-events/sse.ts';

/** How one framework streams an answer. */
export interface StreamShape {
  readonly name: string;
  /** Where the shape was read. */
  readonly source: string;
  /** Values of the events for a text in these pieces, each a JSON value or an event with a name of its own. */
  readonly pieces?: (texts: readonly string[]) => readonly unknown[];
  /** What follows: the whole text once more, and the end. Alone it is an answer that was not streamed. */
  readonly whole?: (text: string) => readonly unknown[];
  /** `whole` says nothing new where there were no pieces. */
  readonly wholeNeedsPieces?: boolean;
  /** How it tells that it failed with the words "it broke". */
  readonly failure?: readonly unknown[];
}

class NamedEvent {
  readonly event: string;
  readonly data: string;
  constructor(event: string, data: unknown) {
    this.event = event;
    this.data = typeof data === 'string' ? data : JSON.stringify(data);
  }
}
export const named = (event: string, data: unknown): NamedEvent => new NamedEvent(event, data);
export const raw = (data: string): NamedEvent => new NamedEvent('message', data);
export const ownName = (value: { readonly type: string }): NamedEvent => named(value.type, value);

/** The items that a decoder makes of these values. */
export const itemsOf = (values: readonly unknown[]): SseItem[] =>
  values.map((value) =>
    value instanceof NamedEvent
      ? { type: 'event', event: value.event, data: value.data }
      : { type: 'event', event: 'message', data: JSON.stringify(value) },
  );

/** The same as the body of an event stream. */
export const bodyOf = (values: readonly unknown[]): string =>
  itemsOf(values)
    .map((item) => {
      if (item.type === 'comment') return '';
      const data = item.data.split('\n').map((line) => `data: ${line}\n`);
      return `${item.event === 'message' ? '' : `event: ${item.event}\n`}${data.join('')}\n`;
    })
    .join('');

/** The text so far, with each piece. */
export const growing = (texts: readonly string[]): string[] => texts.map((_, index) => texts.slice(0, index + 1).join(''));
