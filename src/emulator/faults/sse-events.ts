/** A blank line ends an event, whichever line ends it is made of (HTML standard, "Server-sent events"). */
const EVENT_END = /\r\n\r\n|\n\n|\r\r|\n\r\n|\r\n\n|\r\n\r/;

/**
 * Cuts a stream into its events, each with its blank line; what stands behind the last one comes as it is. A body of another media
 * type has no events: there, each chunk counts as one.
 */
export async function* sseEvents(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<Buffer> {
  if (!contentType.startsWith('text/event-stream')) {
    for await (const chunk of body) yield Buffer.from(chunk);
    return;
  }
  // One character a byte: no text is needed here, and none must be broken.
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
