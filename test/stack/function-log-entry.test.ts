import { expect, test } from 'vitest';
import { readFunctionLog } from '../../src/stack/log-entry.ts';

const ID = '8f507cfc-4a8a-4697-b07a-ac58fc914c95';

// The lines are those of the Lambda guide, "Viewing CloudWatch logs for Lambda functions".
test('reads the lines that Lambda writes around an invocation', () => {
  expect(readFunctionLog(`START RequestId: ${ID} Version: $LATEST`)).toEqual({ type: 'start', requestId: ID });
  expect(readFunctionLog(`END RequestId: ${ID}`)).toEqual({ type: 'end', requestId: ID });
  expect(
    readFunctionLog(
      `REPORT RequestId: ${ID}\tDuration: 128.83 ms\tBilled Duration: 252 ms\tMemory Size: 128 MB\tMax Memory Used: 74 MB\tInit Duration: 122.61 ms\tXRAY TraceId: 1-5e34a614-10bdxmplf1fb44f07bc535a1\t`,
    ),
  ).toEqual({
    type: 'report',
    requestId: ID,
    durationMs: 128.83,
    billedMs: 252,
    initMs: 122.61,
    memoryMb: 128,
    usedMemoryMb: 74,
  });
});

test('a warm invocation has no start', () => {
  const entry = readFunctionLog(
    `REPORT RequestId: ${ID}\tDuration: 1.68 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\t`,
  );
  expect(entry).toMatchObject({ type: 'report', durationMs: 1.68, initMs: undefined });
});

test.each([
  [`2026-11-22T10:00:00.000Z\t${ID}\tERROR\ta\nb`, 'a\nb', 'error', ID],
  [`{"level":"error","requestId":"${ID}","message":"x"}`, `{"level":"error","requestId":"${ID}","message":"x"}`, 'error', ID],
  [
    `2026-11-22T10:00:00.000Z ${ID} Task timed out after 3.00 seconds`,
    `2026-11-22T10:00:00.000Z ${ID} Task timed out after 3.00 seconds`,
    'error',
    undefined,
  ],
  ['plain words', 'plain words', undefined, undefined],
  ['{broken', '{broken', undefined, undefined],
])('reads a line of the function: %j', (message, text, level, requestId) => {
  expect(readFunctionLog(message)).toEqual({ type: 'line', text, level, requestId });
});
