import { randomUUID } from 'node:crypto';
import { runTurn } from '../client/run-turn.ts';
import type { Transport } from '../client/transport.ts';
import type { StreamMetrics } from '../stream/measure.ts';
import { formatMs } from '../ui/format.ts';

/**
 * Sends a prompt several times, one after the other, each in a session of its own that is stopped afterwards.
 * @param onDone called after each with how many are done and how long the last took, ms
 * @returns lines for people: n, and median and maximum of the times
 */
export async function repeatTurn(
  transport: Transport,
  prompt: string,
  count: number,
  signal: AbortSignal,
  onDone: (done: number, durationMs: number) => void,
): Promise<string> {
  const all: StreamMetrics[] = [];
  while (all.length < count && !signal.aborted) {
    const sessionId = randomUUID();
    const { metrics } = await runTurn(transport, { prompt, sessionId }, {}, signal);
    await transport.stop(sessionId).catch(() => undefined);
    if (signal.aborted) break;
    all.push(metrics);
    onDone(all.length, metrics.durationMs);
  }
  const good = all.filter(({ outcome }) => outcome === 'ok');
  const line = (label: string, values: readonly (number | undefined)[]): string => {
    const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
    const [median, max] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)];
    return median === undefined || max === undefined
      ? ''
      : `${label.padEnd(16)} median ${formatMs(median).padStart(9)}   max ${formatMs(max).padStart(9)}   n ${sorted.length}\n`;
  };
  return [
    `${good.length} of ${all.length} ok, each in a new session\n`,
    line(
      'ttfb',
      good.map(({ ttfbMs }) => ttfbMs),
    ),
    line(
      'first text',
      good.map(({ ttftMs }) => ttftMs),
    ),
    line(
      'longest silence',
      good.map(({ maxGapMs }) => maxGapMs),
    ),
    line(
      'duration',
      good.map(({ durationMs }) => durationMs),
    ),
  ].join('');
}
