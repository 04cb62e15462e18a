import { describe, expect, test } from 'vitest';
import { createPreludeParser } from '../../../../src/emulator/apigateway/front-door/response-headers.ts';

const NULS = '\0'.repeat(8);

type PreludeState = ReturnType<ReturnType<typeof createPreludeParser>['push']>;

function parse(text: string, chunkLength: number, limit = 16_384): PreludeState {
  const parser = createPreludeParser(limit);
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += chunkLength) {
    const state = parser.push(bytes.subarray(from, from + chunkLength));
    if (state.type === 'invalid') return state;
    if (state.type === 'complete') {
      const rest = Buffer.concat([state.rest, bytes.subarray(from + chunkLength)]);
      return { ...state, rest };
    }
  }
  return { type: 'incomplete' };
}

describe('createPreludeParser', () => {
  test.each([1, 2, 3, 7, 1000])('reads a prelude split every %i bytes', (chunkLength) => {
    const text = `{"statusCode":201,"headers":{"x-é":"1","b":"2"},"cookies":["a=1"]}${NULS}\0body é`;
    const state = parse(text.replace('x-é', 'x-e'), chunkLength);
    expect(state).toMatchObject({
      type: 'complete',
      head: {
        statusCode: 201,
        headers: [
          ['x-e', '1'],
          ['b', '2'],
          ['Set-Cookie', 'a=1'],
        ],
      },
    });
    expect(state.type === 'complete' && state.rest.toString()).toBe('\0body é');
  });

  test('needs no member at all, and no body', () => {
    expect(parse(`{}${NULS}`, 100)).toMatchObject({ type: 'complete', head: { statusCode: 200, headers: [] } });
  });

  test('lets multiValueHeaders win over headers of the same name', () => {
    const text = `{"headers":{"A":"1","b":"2"},"multiValueHeaders":{"a":["3","4"]}}${NULS}`;
    expect(parse(text, 100)).toMatchObject({
      head: {
        headers: [
          ['b', '2'],
          ['a', '3'],
          ['a', '4'],
        ],
      },
    });
  });

  test.each([
    ['nothing before the delimiter', ''],
    ['no JSON', 'hello'],
    ['an array', '[]'],
    ['an unknown member', '{"body":"x"}'],
    ['a list as a single-value header', '{"headers":{"a":["1"]}}'],
    ['a status that is none', '{"statusCode":"ok"}'],
    ['a header value with a line break', '{"headers":{"a":"1\\n2"}}'],
  ])('refuses %s', (_, metadata) => {
    expect(parse(metadata + NULS, 100).type).toBe('invalid');
  });

  test('refuses a delimiter that does not end within the limit', () => {
    const metadata = `{"headers":{"a":"${'x'.repeat(60)}"}}`;
    expect(parse(metadata + NULS, 5, metadata.length + 8).type).toBe('complete');
    expect(parse(metadata + NULS, 5, metadata.length + 7).type).toBe('invalid');
    expect(parse('x'.repeat(200), 5, 100).type).toBe('invalid');
  });
});
