import type { FlushMode, ProbeEvent } from '../../src/protocol.ts';
import { request } from 'undici';
import type { Deployed } from './target.ts';

const COUNT = 12;
const INTERVAL_MS = 100;
/** What users have found to help (aws-lambda-nodejs-runtime-interface-client, issues 94 and 102). */
const PADDINGS = [16_384, 102_400] as const;

/**
 * Finds the least that a function has to do for its events to come as they are made.
 * @returns undefined when nothing helps: what the runtime writes is kept back as a whole
 */
export async function findFlushNeed(deployed: Deployed): Promise<FlushMode | undefined> {
  for (const flush of ['off', 'auto', ...PADDINGS] as const) {
    if (await streams(deployed, flush)) return flush;
  }
  return undefined;
}

/**
 * Whether the events of a probe come by themselves: an event that waits for the next one is a whole interval late. The quickest event
 * stands for the way itself.
 */
async function streams({ url, headers }: Deployed, flush: FlushMode): Promise<boolean> {
  const { body } = await request(`${url}/probe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ count: COUNT, interval_ms: INTERVAL_MS, flush }),
  });
  const late: number[] = [];
  let text = '';
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const at = performance.now();
    text += String(chunk);
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) late.push(at - (JSON.parse(data) as ProbeEvent).sent_ms);
    }
  }
  const quickest = Math.min(...late);
  const median = late.map((ms) => ms - quickest).toSorted((a, b) => a - b)[COUNT / 2] ?? Infinity;
  // All but the last wait when one is held: then the last is the quickest, and the others are an interval behind it.
  return median < INTERVAL_MS / 2;
}
