import type { Recording } from '../../src/stream/parse-recording.ts';
import { Receiver } from '../../src/stream/receiver.ts';

/** Measures a recorded turn as the live turn was measured. */
export function measureRecording({ header, parts, ending, endedAtMs }: Recording) {
  const receiver = new Receiver({ idleLimitMs: header.endpoint?.idleLimitMs });
  const events = parts.flatMap((part) => receiver.push(part));
  if (ending !== 'end') events.push(...receiver.settle(endedAtMs));
  return { metrics: receiver.finish(endedAtMs, ending), events };
}
