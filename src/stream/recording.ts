import type { RecordingHeader } from './parse-recording.ts';
import type { Ending, StreamPart } from './stream-part.ts';

/** Writes a turn down as NDJSON, a line a part as it comes; a retry begins another. @param write gets line and line feed */
export function createRecorder(header: RecordingHeader, write: (line: string) => void) {
  let sentAt: number | undefined;
  let last: StreamPart | undefined;
  const print = (value: object): void => write(`${JSON.stringify(value)}\n`);
  const finish = (at: number, ending: Ending): void =>
    print({ type: 'ending', ending, atMs: roundToMicros(at - (sentAt ?? at)) });
  print({ type: 'recording', ...header });
  return {
    push(part: StreamPart): void {
      if (part.type === 'sent' && last) {
        finish(last.at, last.type === 'end' ? 'end' : 'reset');
        print({ type: 'recording', ...header });
        sentAt = undefined;
      }
      last = part;
      sentAt ??= part.at;
      print(toLine(part, sentAt));
    },
    /** The last line. @param at when the end was known, on the clock of the parts */
    finish,
  };
}

/** A byte order mark belongs to the stream. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes become text where the chunk alone is valid UTF-8, else Base64. */
function toLine(part: StreamPart, sentAt: number): object {
  const { type, at, ...rest } = part;
  const atMs = roundToMicros(at - sentAt);
  if (!('bytes' in rest)) return { type, atMs, ...rest };
  const { bytes } = rest;
  try {
    return { type, atMs, text: strictUtf8.decode(bytes) };
  } catch {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { type, atMs, base64: buffer.toString('base64') };
  }
}

function roundToMicros(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
