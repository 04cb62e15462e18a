import { expect, test } from 'vitest';
import { json, openStream, send } from '../helpers/post.ts';
import { see } from './see.ts';
import type { Deployed, Target } from './target.ts';

/** What the wire contract promises, asserted in the same words wherever the stack stands. */
export function contractRows(of: () => { readonly target: Target; readonly deployed: Deployed }): void {
  const post = (path: string, body: unknown, headers?: Readonly<Record<string, string>>) =>
    send('POST', of().deployed.url + path, body, headers ?? of().deployed.headers);

  test('a probe streams: each event comes before the last is made', async () => {
    const { url, headers } = of().deployed;
    const seen = await see(`${url}/probe`, { count: 10, interval_ms: 100 }, headers);
    expect([seen.status, seen.end, seen.headers['content-type']]).toEqual([200, 'whole', 'text/event-stream']);
    expect(seen.text.match(/^event: probe$/gm)).toHaveLength(10);
    expect(seen.firstByteMs).toBeLessThan(seen.headersMs + 900);
  });

  test('a turn has its session, its timing and its headers', async () => {
    const { headers, status } = await post('/invoke', { prompt: 'hi' });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^text\/event-stream/) as string,
      'cache-control': 'no-cache, no-transform',
      'access-control-allow-origin': '*',
      'x-session-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      'server-timing': expect.stringMatching(/agentcore;dur=[\d.]+/) as string,
      'x-amzn-requestid': expect.any(String) as string,
    });
  });

  test('DELETE ends what a session is doing, and a session that is none is a 404', async () => {
    const { url, headers } = of().deployed;
    const stream = await openStream(`${url}/invoke`, { prompt: 'go on' }, headers);
    await stream.next();
    const session = { ...headers, 'X-Session-Id': String(stream.headers['x-session-id']) };
    const stopped = await send('DELETE', `${url}/invoke`, undefined, session);
    expect([stopped.status, json(stopped)['status']]).toEqual([200, 'stopped']);
    await stream.rest().catch(() => undefined);
    const none = { ...headers, 'X-Session-Id': `none-${'0'.repeat(40)}` };
    expect((await send('DELETE', `${url}/invoke`, undefined, none)).status).toBe(404);
  });

  test.each([
    ['no prompt', {}, 400, 'INVALID_REQUEST'],
    ['a short session id', { prompt: 'hi', session_id: 'short' }, 400, 'INVALID_SESSION_ID'],
    ['an endpoint that is none', { prompt: 'hi', qualifier: 'nobody' }, 404, 'AGENT_NOT_FOUND'],
  ])('%s is refused with its status and code, and names nothing', async (_, body, status, code) => {
    const answer = await post('/invoke', body);
    expect([answer.status, json(answer)['code']]).toEqual([status, code]);
    expect(answer.text).not.toMatch(/arn:|\d{12}/);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });

  test('nobody comes in without the key, and an unknown path is forbidden too', async () => {
    for (const answer of [await post('/invoke', { prompt: 'hi' }, {}), await post('/nothing', {}, {})]) {
      expect(answer.status).toBe(403);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
    }
  });

  test('a preflight is answered', async () => {
    const answer = await send('OPTIONS', `${of().deployed.url}/invoke`);
    expect([answer.status, answer.headers['access-control-allow-methods']]).toEqual([204, 'POST,DELETE,OPTIONS']);
  });
}
