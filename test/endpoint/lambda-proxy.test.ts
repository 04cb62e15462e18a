import { expect, test } from 'vitest';
import { createPreludeReader } from '../../src/endpoint/lambda-proxy.ts';

const PRELUDE = Buffer.from(
  `${JSON.stringify({ statusCode: 201, headers: { 'X-Session-Id': 'sé', 'Content-Length': 3 } })}${'\0'.repeat(8)}`,
);
const BODY = Buffer.from('data: \0\0\0\0\0\0\0\0 "one"\n\n');

test('reads status and headers wherever the bytes are split, and leaves the body alone', () => {
  const all = Buffer.concat([PRELUDE, BODY]);
  for (let split = 0; split <= all.length; split += 1) {
    const read = createPreludeReader();
    const first = read(all.subarray(0, split));
    if (split < PRELUDE.length) expect(first).toBeUndefined();
    const found = first ?? read(all.subarray(split));
    expect(found?.head).toEqual({ status: 201, headers: { 'x-session-id': 'sé', 'content-length': '3' } });
    const after = first ? all.subarray(split) : Buffer.alloc(0);
    expect(Buffer.concat([found?.rest ?? Buffer.alloc(0), after])).toEqual(BODY);
  }
});

test('a status that is not given is 200', () => {
  expect(createPreludeReader()(Buffer.from(`{}${'\0'.repeat(8)}`))?.head).toEqual({ status: 200, headers: {} });
});

test.each([
  ['no JSON', `hello${'\0'.repeat(8)}`],
  ['no end', 'x'.repeat(20_000)],
])('refuses a payload that has no prelude: %s', (_, payload) => {
  expect(() => createPreludeReader()(Buffer.from(payload))).toThrow(expect.objectContaining({ code: 'INVALID_PRELUDE' }));
});
