import { afterEach, describe, expect, test } from 'vitest';
import { chunks, type FakeFunction, type Gateway, prelude, startGateway, STREAM_URI } from '../gateway-fixture.ts';
import { httpCall } from '../http-call.ts';

let gateway: Gateway | undefined;

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

async function start(
  run: FakeFunction,
  limits: Parameters<typeof startGateway>[1] = {},
  deployment: Parameters<Gateway['deploy']>[0] = {},
) {
  gateway = await startGateway(run, limits);
  const { invokeUrl } = await gateway.deploy(deployment);
  return { gateway, post: () => httpCall(invokeUrl, { method: 'POST' }) };
}

/** A payload that the test feeds by hand. */
function feed() {
  const queue: (string | undefined)[] = [];
  let wake = () => {};
  let read = 0;
  const push = (text: string | undefined) => {
    queue.push(text);
    wake();
  };
  async function* payload(): AsyncGenerator<Buffer> {
    for (;;) {
      if (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const text = queue.shift();
      if (text === undefined) return;
      read += 1;
      yield Buffer.from(text);
    }
  }
  return { push, payload, read: () => read };
}

describe('STREAM integration', () => {
  test('passes every chunk on as it is made', async () => {
    const source = feed();
    const { gateway, post } = await start(() => source.payload());
    const event = gateway.nextEvent();
    const pending = post();
    source.push(prelude({ statusCode: 201, headers: { 'content-type': 'text/event-stream' } }));
    const answer = await pending;
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' });
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers['x-amz-apigw-id']).toHaveLength(16);
    for (const text of ['one', 'two', 'three']) {
      source.push(text);
      expect(await answer.next()).toBe(text);
    }
    source.push(undefined);
    expect(await answer.next()).toBeUndefined();
    expect(await event).toMatchObject({
      status: 201,
      method: 'POST',
      path: '/invoke',
      stage: 'v1',
      chunks: 3,
      bytes: 11,
      end: 'complete',
      requestId: answer.headers['x-amzn-requestid'],
      ttfbMs: expect.any(Number),
    });
  });

  test('gives application/json to an answer without a content type, and lets it be empty', async () => {
    const { post } = await start(() => chunks(prelude({ statusCode: 202 })));
    const answer = await post();
    expect(answer.status).toBe(202);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(await answer.text()).toBe('');
  });

  test('remaps and drops headers', async () => {
    const head = {
      headers: {
        'WWW-Authenticate': 'Basic',
        Date: 'yesterday',
        Connection: 'close',
        'Transfer-Encoding': 'chunked',
        Via: 'x',
        'X-Mine': 'kept',
      },
      multiValueHeaders: { 'x-list': ['a', 'b'] },
      cookies: ['a=1', 'b=2'],
    };
    const { post } = await start(() => chunks(prelude(head), 'body'));
    const { headers } = await post();
    expect(headers).toMatchObject({
      'x-amzn-remapped-www-authenticate': 'Basic',
      'x-amzn-remapped-date': 'yesterday',
      'x-amzn-remapped-connection': 'close',
      'x-mine': 'kept',
      'x-list': 'a, b',
      'set-cookie': ['a=1', 'b=2'],
    });
    expect(headers).not.toHaveProperty('via');
    expect(headers).not.toHaveProperty('www-authenticate');
    expect(headers.date).not.toBe('yesterday');
  });

  test.each([
    ['no prelude', ['{"statusCode":200,"body":"x"}']],
    ['nothing', []],
    ['metadata with a body', [prelude({ body: 'x' }), 'rest']],
  ])('answers 502 to a function that sends %s', async (_, texts) => {
    const { post } = await start(() => chunks(...texts));
    const answer = await post();
    expect(answer.status).toBe(502);
    expect(answer.headers['x-amzn-errortype']).toBe('InternalServerErrorException');
    expect(await answer.text()).toBe('{"message":"Internal server error"}');
  });

  test('can answer an invalid prelude with 500, as the guide says', async () => {
    const { post } = await start(() => chunks('hello'), { invalidPreludeStatus: 500 });
    expect((await post()).status).toBe(500);
  });

  test('answers 502 to a function that fails before its prelude', async () => {
    const failed = { type: 'error', errorType: 'E', errorMessage: 'm', when: 'crash', details: '{}' } as const;
    const { post } = await start(async () => ({ payload: chunks('{"errorType":"E"}'), completion: Promise.resolve(failed) }), {
      invalidPreludeStatus: 500,
    });
    expect((await post()).status).toBe(502);
  });

  test('cuts the connection when the function fails in mid-stream', async () => {
    const failed = { type: 'error', errorType: 'E', errorMessage: 'm', when: 'crash', details: '{}' } as const;
    const { gateway, post } = await start(async () => ({
      payload: chunks(prelude({}), 'some'),
      completion: Promise.resolve(failed),
    }));
    const event = gateway.nextEvent();
    const answer = await post();
    expect(await answer.next()).toBe('some');
    await expect(answer.next()).rejects.toThrow('aborted');
    expect(await event).toMatchObject({ status: 200, end: 'cut', chunks: 1 });
  });

  test('cuts when the payload itself breaks off', async () => {
    const { post } = await start(async function* () {
      yield Buffer.from(`${prelude({})}some`);
      throw new Error('sandbox gone');
    });
    const answer = await post();
    expect(await answer.next()).toBe('some');
    await expect(answer.next()).rejects.toThrow('aborted');
  });

  test('lets the function run to its end when the client has gone', async () => {
    const source = feed();
    const { gateway, post } = await start(() => source.payload());
    const event = gateway.nextEvent();
    const pending = post();
    source.push(`${prelude({})}one`);
    const answer = await pending;
    expect(await answer.next()).toBe('one');
    answer.abandon();
    expect(await event).toMatchObject({ end: 'client-closed', status: 200, chunks: 1 });
    for (const text of ['two', 'three']) source.push(text);
    await expect.poll(source.read).toBe(3);
  });

  test('answers 504 when the integration timeout passes before the prelude', async () => {
    const source = feed();
    const { post } = await start(() => source.payload(), {}, { integration: { TimeoutInMillis: 50 } });
    const answer = await post();
    expect(answer.status).toBe(504);
    expect(await answer.text()).toBe('{"message":"Endpoint request timed out"}');
    source.push(undefined);
  });

  test('cuts when the integration timeout passes in mid-stream', async () => {
    const source = feed();
    const { gateway, post } = await start(() => source.payload(), { streamDurationMs: 40 });
    source.push(`${prelude({})}one`);
    const event = gateway.nextEvent();
    const answer = await post();
    expect(await answer.next()).toBe('one');
    await expect(answer.next()).rejects.toThrow('aborted');
    expect(await event).toMatchObject({ end: 'cut' });
    source.push(undefined);
  });

  test.each(['EDGE', 'REGIONAL'])('cuts a silent %s stream at its own idle limit', async (type) => {
    const source = feed();
    const never = 1e6;
    const idleTimeoutMs = { EDGE: never, REGIONAL: never, PRIVATE: never, [type]: 20 };
    const { post } = await start(() => source.payload(), { idleTimeoutMs }, { endpointType: type });
    source.push(`${prelude({})}one`);
    const answer = await post();
    expect(await answer.next()).toBe('one');
    await expect(answer.next()).rejects.toThrow('aborted');
    source.push(undefined);
  });

  test('waits for a slow client', async () => {
    let made = 0;
    const block = Buffer.alloc(65_536, 'x');
    const total = 1_000;
    const { post } = await start(
      async function* () {
        yield Buffer.from(prelude({}));
        for (; made < total; made += 1) yield block;
      },
      { streamFreeBytes: Infinity },
    );
    const answer = await post();
    await answer.next();
    // Kernel buffers take some megabytes; all 65 would mean that nothing holds the function back.
    let before = -1;
    while (before !== made) {
      before = made;
      for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    }
    expect(made).toBeLessThan(total / 2);
    const rest = await answer.text();
    expect(made).toBe(total);
    expect(rest.length).toBeGreaterThan(block.length * (total - 20));
  });

  test('does not go with the URI of Invoke', async () => {
    const Uri = STREAM_URI.replace('2021-11-15', '2015-03-31').replace('response-streaming-', '');
    const { post } = await start(() => chunks(prelude({})), {}, { integration: { Uri } });
    const answer = await post();
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('{"message":"Internal server error"}');
  });
});
