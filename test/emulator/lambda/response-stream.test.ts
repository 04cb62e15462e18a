import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LambdaHarness, startLambda, streaming } from './lambda-harness.ts';

const PRELUDE = 'application/vnd.awslambda.http-integration-response';
const NULS = '\0'.repeat(8);
const FROM = 'stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });';

let lambda: LambdaHarness;
beforeAll(async () => {
  lambda = await startLambda({ streamFreeBytes: Infinity });
});
afterAll(async () => {
  await lambda.close();
});

/** Runs the body of a streaming handler once. */
async function run(body: string) {
  return await lambda.run(await lambda.deploy(streaming(body)));
}

test('the prelude goes out with the first write, as two chunks of its own', async () => {
  const answer = await run(`${FROM} stream.write('one'); stream.write('two'); stream.end();`);
  expect(answer.chunks).toEqual(['{"statusCode":201}', NULS, 'one', 'two']);
  expect(answer.contentType).toBe(PRELUDE);
  expect(answer.completion).toEqual({ type: 'ok' });
});

test('end() without a write sends no prelude, but keeps its content type', async () => {
  const answer = await run(`${FROM} stream.end();`);
  expect(answer).toEqual({ chunks: [], contentType: PRELUDE, completion: { type: 'ok' } });
});

test('end(body) without a write sends the body and no prelude', async () => {
  expect((await run(`${FROM} stream.end('body');`)).chunks).toEqual(['body']);
});

test("write('') sends the prelude at once", async () => {
  const name = await lambda.deploy(
    streaming(`${FROM} stream.write(''); await new Promise((resolve) => setTimeout(resolve, 60_000));`),
    { Timeout: 900 },
  );
  const { payload, contentType } = await lambda.invoke(name);
  const seen: string[] = [];
  for await (const chunk of payload) {
    seen.push(chunk.toString());
    if (seen.length === 2) break;
  }
  expect(contentType).toBe(PRELUDE);
  expect(seen).toEqual(['{"statusCode":201}', NULS]);
});

test('without from() there is no prelude and the type is application/octet-stream', async () => {
  const answer = await run(`stream.write('plain'); stream.end();`);
  expect(answer).toMatchObject({ chunks: ['plain'], contentType: 'application/octet-stream' });
});

test('setContentType counts until the first write', async () => {
  const answer = await run(`stream.setContentType('text/event-stream'); stream.write('data: 1'); stream.end();`);
  expect(answer.contentType).toBe('text/event-stream');
});

test('of two calls of from() before the first write the last wins', async () => {
  const answer = await run(
    `${FROM} awslambda.HttpResponseStream.from(stream, { statusCode: 202 }); stream.write('x'); stream.end();`,
  );
  expect(answer.chunks).toEqual(['{"statusCode":202}', NULS, 'x']);
});

test('from() reads the metadata when it is called', async () => {
  const answer = await run(
    `const meta = { statusCode: 200 }; awslambda.HttpResponseStream.from(stream, meta); meta.statusCode = 500; stream.write('x'); stream.end();`,
  );
  expect(answer.chunks[0]).toBe('{"statusCode":200}');
});

test('from() after the first write throws Runtime.InvalidStreamingOperation', async () => {
  const answer = await run(`stream.write('x'); try { ${FROM} } catch (error) { stream.write(error.name); } stream.end();`);
  expect(answer.chunks).toEqual(['x', 'Runtime.InvalidStreamingOperation']);
});

test('the stream is no Writable, and lacks what a Writable would have', async () => {
  const answer = await run(
    `stream.write(JSON.stringify([stream instanceof require('node:stream').Writable, typeof stream.pipe, typeof stream.flush, typeof stream.setDefaultEncoding, stream.writable, stream.writableEnded])); stream.end();`,
  );
  expect(answer.chunks).toEqual(['[false,"undefined","undefined","undefined",true,false]']);
});

test('objects are written as JSON, bytes as they are', async () => {
  const answer = await run(`stream.write({ a: 1 }); stream.write(7); stream.write(new Uint8Array([0, 255])); stream.end();`);
  expect(answer.chunks).toEqual(['{"a":1}', '7', '\0\u00ff']);
});

test('write(null) throws', async () => {
  const answer = await run(`try { stream.write(null); } catch (error) { stream.write(error.name); } stream.end();`);
  expect(answer.chunks).toEqual(['TypeError']);
});

test('streamifyResponse only marks the function', async () => {
  const name = await lambda.deploy(`
    const inner = async (event, stream) => { stream.write(String(exports.handler === inner)
      + inner[Symbol.for('aws.lambda.runtime.handler.streaming')]
      + inner[Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')]); stream.end(); };
    exports.handler = awslambda.streamifyResponse(inner, { highWaterMark: 1000 });`);
  expect((await lambda.run(name)).chunks).toEqual(['trueresponse1000']);
});

test('highWaterMark of streamifyResponse is that of the connection', async () => {
  const name = await lambda.deploy(`
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      await new Promise(setImmediate); stream.end(String(stream.writableHighWaterMark)); }, { highWaterMark: 1000 });`);
  expect((await lambda.run(name)).chunks).toEqual(['1000']);
});

test('the high-water mark is that of Node.js 24 otherwise', async () => {
  const answer = await run(
    `const before = stream.writableHighWaterMark; await new Promise(setImmediate); stream.end(before + ' ' + stream.writableHighWaterMark);`,
  );
  expect(answer.chunks).toEqual(['65536 65536']);
});

test('a handler that returns no promise fails', async () => {
  const name = await lambda.deploy(`exports.handler = awslambda.streamifyResponse((event, stream) => { stream.write('x'); });`);
  expect((await lambda.run(name)).completion).toMatchObject({
    type: 'error',
    when: 'mid-stream',
    errorMessage: 'Streaming does not support non-async handlers.',
  });
});

test('the return value is ignored with a warning', async () => {
  const name = await lambda.deploy(streaming(`stream.write('x'); stream.end(); return 'value';`));
  expect((await lambda.run(name)).chunks).toEqual(['x']);
  expect(await lambda.logged(`${name} stderr: Streaming handlers ignore`)).toBeTruthy();
});

test('an error after the first write travels in the trailers, and the stream ends cleanly', async () => {
  const answer = await run(`stream.write('x'); throw new RangeError('too far');`);
  expect(answer.chunks).toEqual(['x']);
  expect(answer.completion).toMatchObject({
    type: 'error',
    when: 'mid-stream',
    errorType: 'RangeError',
    errorMessage: 'too far',
  });
});

test('an error before any write sends no prelude, even after from()', async () => {
  const answer = await run(`${FROM} throw new Error('early');`);
  expect(answer.chunks).toEqual([]);
  expect(answer.completion).toMatchObject({ type: 'error', errorMessage: 'early' });
});

test('destroy() ends the process, and the next invocation starts cold', async () => {
  const name = await lambda.deploy(
    `let calls = 0; ${streaming(`calls += 1; stream.write(String(calls)); if (event.destroy) { setTimeout(() => stream.destroy(), 200); await new Promise(() => setInterval(() => {}, 1000)); } stream.end();`)}`,
  );
  expect((await lambda.run(name)).chunks).toEqual(['1']);
  const destroyed = await lambda.run(name, { destroy: true });
  expect(destroyed.completion).toMatchObject({
    type: 'error',
    when: 'crash',
    errorType: 'Runtime.TruncatedResponse',
    errorMessage: expect.stringContaining('exit status 1'),
  });
  expect((await lambda.run(name)).chunks).toEqual(['1']);
});

test('a pipeline whose source fails ends the process, though the handler catches its error', async () => {
  const name = await lambda.deploy(
    streaming(`
      const { Readable, promises: { pipeline } } = require('node:stream');
      async function* source() { yield 'x'; await new Promise((resolve) => setTimeout(resolve, 200)); throw new Error('upstream cut'); }
      try { await pipeline(Readable.from(source()), stream); } catch (error) { console.log('caught ' + error.message); await new Promise(() => setInterval(() => {}, 1000)); }`),
  );
  const answer = await lambda.run(name);
  expect(answer.completion).toMatchObject({ when: 'crash', errorMessage: expect.stringContaining('exit status 1') });
  expect(await lambda.logged(`${name} stdout: caught upstream cut`)).toBeTruthy();
});

test('a pipeline whose source ends well is a whole response', async () => {
  const answer = await run(
    `const { Readable, promises: { pipeline } } = require('node:stream'); ${FROM} await pipeline(Readable.from(['a', 'b']), stream);`,
  );
  expect(answer.chunks).toEqual(['{"statusCode":201}', NULS, 'a', 'b']);
});

test('a stream that is never ended lasts until the function times out', async () => {
  await using own = await startLambda({ maxTimeoutMs: 300 });
  const answer = await own.run(await own.deploy(streaming(`stream.write('x');`)));
  expect(answer.chunks).toEqual(['x']);
  expect(answer.completion).toMatchObject({ type: 'error', when: 'timeout' });
});

test('the first chunk arrives before the function makes the last', async () => {
  const name = await lambda.deploy(
    streaming(
      `stream.write('first'); process.once('SIGUSR2', () => { stream.write('last'); stream.end(); }); stream.write(' ' + process.pid);`,
    ),
  );
  const { payload } = await lambda.invoke(name);
  let text = '';
  let signalled = false;
  for await (const chunk of payload) {
    text += chunk.toString();
    const pid = /^first (\d+)$/.exec(text)?.[1];
    if (pid && !signalled) {
      signalled = true;
      process.kill(Number(pid), 'SIGUSR2');
    }
  }
  expect(text).toMatch(/^first \d+last$/);
});

test('a consumer that does not read stops the function; when it reads, all arrives', async () => {
  const total = 64 * 1024 * 1024;
  const name = await lambda.deploy(
    streaming(`
      const block = Buffer.alloc(65_536, 'x');
      let stalled = false;
      for (let sent = 0; sent < ${total}; sent += block.length) {
        if (stream.write(block)) continue;
        const drained = new Promise((resolve) => stream.once('drain', resolve));
        if (!stalled) {
          const timer = setTimeout(() => { stalled = true; console.log('stalled at ' + sent); }, 200);
          await drained; clearTimeout(timer);
        } else await drained;
      }
      stream.end();`),
  );
  const { payload, completion } = await lambda.invoke(name);
  const line = await lambda.logged(`${name} stdout: stalled at`);
  expect(Number(/at (\d+)/.exec(line)?.[1])).toBeLessThan(total / 2);
  let bytes = 0;
  for await (const chunk of payload) bytes += chunk.length;
  expect(bytes).toBe(total);
  expect(await completion).toEqual({ type: 'ok' });
});

test('a consumer that leaves does not stop the function', async () => {
  const name = await lambda.deploy(
    streaming(
      `for (let i = 0; i < 200; i += 1) { if (!stream.write(Buffer.alloc(65_536))) await new Promise((resolve) => stream.once('drain', resolve)); } stream.end();`,
    ),
  );
  const { payload, completion } = await lambda.invoke(name);
  for await (const chunk of payload) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect(await completion).toEqual({ type: 'ok' });
});
