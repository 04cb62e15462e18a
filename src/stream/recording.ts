import type { UsageError } from '../cli/errors.ts';
import type { AgentEvent } from '../agent-events/agent-event.ts';
import type { StreamMetrics } from './measure.ts';
import type { StreamLimits } from './outcome.ts';
import { createReceiver } from './receiver.ts';
import {
  formatRecordingPart,
  invalidRecording as invalid,
  parseRecordingLine,
  type RecordingHeader,
  roundToMicros,
} from './recording-line.ts';

import type { Ending, StreamPart } from './stream-part.ts';

/** One turn as it came off the socket. Times (`at`) are ms since `sent`, to the microsecond. */
export interface Recording {
  readonly header: RecordingHeader;
  readonly parts: readonly StreamPart[];
  readonly ending: Ending;
  /** When the end was known, ms since `sent`. */
  readonly endedAtMs: number;
}

export interface Recorder {
  push(part: StreamPart): void;
  /** The last line. @param at when the end was known, on the clock of the parts */
  finish(at: number, ending: Ending): void;
}

/**
 * Writes a turn down as NDJSON, a line for each part as it comes: an interrupted one is there up to its last read. A turn that is
 * tried again begins another recording with its next `sent`.
 * @param write gets each line with its line feed
 */
export function createRecorder(header: RecordingHeader, write: (line: string) => void): Recorder {
  let sentAt: number | undefined;
  let last: StreamPart | undefined;
  const print = (value: object): void => write(`${JSON.stringify(value)}\n`);
  const finish = (at: number, ending: Ending): void =>
    print({ type: 'ending', ending, atMs: roundToMicros(at - (sentAt ?? at)) });
  print({ type: 'recording', ...header });
  return {
    push(part) {
      if (part.type === 'sent' && last) {
        finish(last.at, last.type === 'end' ? 'end' : 'reset');
        print({ type: 'recording', ...header });
        sentAt = undefined;
      }
      last = part;
      sentAt ??= part.at;
      print(formatRecordingPart(part, sentAt));
    },
    finish,
  };
}

/**
 * Reads what `createRecorder` wrote. Several recordings may follow each other in one file.
 * @returns at least one
 * @throws {UsageError} INVALID_RECORDING with the line that is wrong, or none at all
 */
export function parseRecordings(text: string): Recording[] {
  const recordings: Recording[] = [];
  let open: { header: RecordingHeader; parts: StreamPart[]; line: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const number = index + 1;
    const parsed = parseRecordingLine(line, number);
    if (parsed.type === 'recording') {
      if (open) throw unfinished(open.line);
      open = { header: parsed.header, parts: [], line: number };
    } else if (!open) {
      throw invalid(number, 'a recording begins with a line of type recording');
    } else if (parsed.type === 'ending') {
      const { header, parts } = open;
      recordings.push({ header, parts, ending: parsed.ending, endedAtMs: parsed.atMs });
      open = undefined;
    } else {
      open.parts.push(parsed.part);
    }
  }
  if (open) throw unfinished(open.line);
  if (recordings.length === 0) throw invalid(1, 'there is no recording in it');
  return recordings;
}

/**
 * Reads a text that holds one recording.
 * @throws {UsageError} INVALID_RECORDING
 */
export function parseRecording(text: string): Recording {
  const [recording, another] = parseRecordings(text);
  if (!recording || another) throw invalid(1, 'it holds several recordings where one is wanted');
  return recording;
}

/** What the live turn was told and measured, once more from its recording. */
export function measureRecording(
  { header, parts, ending, endedAtMs }: Recording,
  limits: StreamLimits = { idleLimitMs: header.endpoint?.idleLimitMs },
): { readonly metrics: StreamMetrics; readonly events: readonly AgentEvent[] } {
  const receiver = createReceiver({ limits });
  const events = parts.flatMap((part) => receiver.push(part));
  return { metrics: receiver.finish(endedAtMs, ending), events };
}

function unfinished(line: number): UsageError {
  return invalid(line, 'the recording that begins here has no end');
}
