import { createParser } from 'eventsource-parser';

/** What one read completed. */
export type SseItem =
  | { readonly type: 'event'; readonly event: string; readonly data: string; readonly id?: string }
  | { readonly type: 'comment'; readonly text: string };

export interface SseDecoder {
  /** Items that these bytes completed, in order. Bytes may be split anywhere, within a character too. */
  push(bytes: Uint8Array): readonly SseItem[];
}

/**
 * Decodes a server-sent event stream. An event that its stream never closed with an empty line is not an event (HTML
 * standard, "end of stream"), so it never comes out.
 */
export function createSseDecoder(): SseDecoder {
  const text = new TextDecoder();
  let items: SseItem[] = [];
  const parser = createParser({
    onEvent: ({ event, data, id }) =>
      items.push({
        type: 'event',
        event: event ?? 'message',
        data,
        ...(id !== undefined && { id }),
      }),
    onComment: (comment) => items.push({ type: 'comment', text: comment }),
  });
  return {
    push(bytes) {
      items = [];
      parser.feed(text.decode(bytes, { stream: true }));
      return items;
    },
  };
}
