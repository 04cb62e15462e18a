import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { streamProbe } from '../../lambda/probe.ts';
import { ClientResponse } from '../../lambda/response.ts';
import { awslambda } from '../../src/emulator/lambda/runtime/awslambda.mjs';

beforeEach(() => void Object.assign(globalThis, { awslambda }));
afterEach(() => void Object.assign(globalThis, { awslambda: undefined }));

const PLAN = { count: 3, interval_ms: 0, size_bytes: 0, first_delay_ms: 0, heartbeat_ms: 0, flush: 'off' } as const;

/** The ids of the events that are sent when the invocation has so much time left. */
async function idsOf(plan: Parameters<typeof streamProbe>[0], remainingMs: number): Promise<string[]> {
  const stream = Object.assign(new PassThrough(), { setContentType: () => undefined });
  const body = text(stream);
  await streamProbe(plan, new ClientResponse(stream, 'r', {}), () => remainingMs, {});
  return [...(await body).matchAll(/^id: (\d)$/gm)].map(([, id = '']) => id);
}

test('an event that would come in the last second of the invocation is left out, and the stream ends well', async () => {
  expect(await idsOf(PLAN, 60_000)).toEqual(['0', '1', '2']);
  expect(await idsOf({ ...PLAN, first_delay_ms: 800 }, 1_500)).toEqual([]);
  expect(await idsOf({ ...PLAN, interval_ms: 800 }, 1_500)).toEqual(['0']);
});
