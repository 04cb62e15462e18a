import { EventStreamCodec } from '@smithy/eventstream-codec';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

/** An event whose body is a blob member bound to the event payload, as one message of `application/vnd.amazon.eventstream`. */
export function encodeBlobEvent(eventType: string, body: Buffer): Uint8Array {
  return encodeEvent(eventType, 'application/octet-stream', body);
}

/** An event whose members are a JSON object, as one message of `application/vnd.amazon.eventstream`. */
export function encodeJsonEvent(eventType: string, members: object): Uint8Array {
  return encodeEvent(eventType, 'application/json', Buffer.from(JSON.stringify(members)));
}

function encodeEvent(eventType: string, contentType: string, body: Buffer): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': { type: 'string', value: 'event' },
      ':event-type': { type: 'string', value: eventType },
      ':content-type': { type: 'string', value: contentType },
    },
    body,
  });
}
