/** A blank line ends an event, with any line ends (HTML standard, "Server-sent events"). */
const EVENT_END = /\r\n\r\n|\n\n|\r\r|\n\r\n|\r\n\n|\r\n\r/;

/**
 * Splits a stream into its events, each with its blank line; bytes after the last event come as they are. In a body of another media
 * type each chunk counts as an event.
 */
export async function* sseEvents(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<Buffer> {
  if (!contentType.startsWith('text/event-stream')) {
    for await (const chunk of body) yield Buffer.from(chunk);
    return;
  }
  // latin1: one character per byte, so that no UTF-8 sequence is changed.
  let text = '';
  for await (const chunk of body) {
    text += Buffer.from(chunk).toString('latin1');
    for (let end = EVENT_END.exec(text); end; end = EVENT_END.exec(text)) {
      const length = end.index + end[0].length;
      yield Buffer.from(text.slice(0, length), 'latin1');
      text = text.slice(length);
    }
  }
  if (text !== '') yield Buffer.from(text, 'latin1');
}
