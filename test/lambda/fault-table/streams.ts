import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAULT_HEADER } from '../../../src/emulator/index.ts';
import { type ActingAgent, createActingAgent } from '../../helpers/acting-agent.ts';
import { json, send } from '../../helpers/post.ts';
import type { CustomChain } from '../custom-chain.ts';
import type { StartChain } from './start-chain.ts';

/** Rows in which an agent answers in a way that a handler may break on. */
export function streamRows(start: StartChain): void {
  let agent: ActingAgent;
  let chain: CustomChain;
  beforeAll(async () => {
    agent = createActingAgent();
    chain = await start(agent, { parameters: { FlushMode: 'off' } });
  });
  afterAll(() => chain.close());

  const turn = (prompt: string, headers: Record<string, string> = {}) => send('POST', `${chain.url}/invoke`, { prompt }, headers);
  const turnBytes = async (prompt: string): Promise<Buffer> => {
    const { body } = await request(`${chain.url}/invoke`, { method: 'POST', body: JSON.stringify({ prompt }) });
    return Buffer.from(await body.arrayBuffer());
  };
  /** An environment that has died starts anew, and says so. */
  const expectWarm = async (): Promise<void> => {
    const { status, headers } = await turn('still there?');
    expect([status, headers['server-timing']]).toEqual([200, expect.stringMatching(/^agentcore;/) as string]);
  };

  test('an agent that breaks off gives an error event, a clean end, and a warm next call', async () => {
    await turn('first');
    agent.on('dies', { acts: [{ write: 'data: "a"\n\ndata: "b' }, { die: true }] });
    const { text } = await turn('dies');
    expect(text).toMatch(
      /^data: "a"\n\ndata: "b\n\nevent: error\ndata: \{"error":"the agent broke off[^\n]*"code":"STREAM_INTERRUPTED"[^\n]*\}\n\n$/,
    );
    await expectWarm();
  });

  test('so does one that the service cuts between two events, with one empty line', async () => {
    const { text } = await turn('hi', { [FAULT_HEADER]: 'cut:1' });
    expect(text).toMatch(/^data: "ok"\n\nevent: error\ndata: [^\n]*STREAM_INTERRUPTED[^\n]*\n\n$/);
    await expectWarm();
  });

  test('an empty stream still has its status and headers', async () => {
    const { status, headers, text } = await turn('hi', { [FAULT_HEADER]: 'empty' });
    expect([status, text]).toEqual([200, '']);
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'x-session-id': expect.any(String) as string });
    await expectWarm();
  });

  test('events and characters arrive whole, wherever they were split', async () => {
    const bytes = Buffer.from('data: "grüße 🎈 日本"\r\n\r\nevent: x\ndata: {}\n\n');
    agent.on('split', { acts: [...bytes].map((byte) => ({ write: Uint8Array.of(byte) })) });
    expect(await turnBytes('split')).toEqual(bytes);
  });

  test('bytes that are no UTF-8 arrive as they are', async () => {
    const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
    agent.on('bytes', { acts: [{ write: bytes }] });
    expect(await turnBytes('bytes')).toEqual(Buffer.from(bytes));
    const { status, text } = await turn('hi', { [FAULT_HEADER]: 'malformed' });
    expect(status).toBe(200);
    expect(text).toContain('this line is no field of an event');
    await expectWarm();
  });

  test('an event of some megabytes arrives whole', async () => {
    const { text } = await turn('hi', { [FAULT_HEADER]: 'huge:3MB' });
    expect(text).toHaveLength(3_000_000 + 'data: "ok"\n\n'.length);
    expect(text.endsWith('x"\n\ndata: "ok"\n\n')).toBe(true);
  });

  test('an agent that answers JSON is passed on as it is', async () => {
    agent.on('json', { contentType: 'application/json', acts: [{ write: '{"result":"42"}' }] });
    const { headers, text } = await turn('json');
    expect([headers['content-type'], text]).toEqual(['application/json', '{"result":"42"}']);
  });

  test('a JSON answer that breaks off is cut, not ended as if it were whole', async () => {
    agent.on('cut json', { contentType: 'application/json', acts: [{ write: '{"a":' }, { die: true }] });
    await expect(turn('cut json')).rejects.toThrow();
    await expectWarm();
  });

  test('text without any framing arrives as it is, with an error event behind it if need be', async () => {
    agent.on('no framing', { acts: [{ write: 'just ' }, { write: 'words\nand lines' }] });
    expect((await turn('no framing')).text).toBe('just words\nand lines');
    agent.on('no framing, cut', { acts: [{ write: 'just words' }, { die: true }] });
    expect((await turn('no framing, cut')).text).toMatch(/^just words\n\nevent: error\ndata: /);
  });

  test('a media type in capitals is still an event stream', async () => {
    agent.on('capitals', { contentType: 'Text/Event-Stream; charset=UTF-8', acts: [{ write: 'data: "a"\n\n' }, { die: true }] });
    expect((await turn('capitals')).text).toContain('event: error');
  });

  test('an agent that fails is a 424 that names its status', async () => {
    agent.on('fails', { status: 500, acts: [] });
    const answer = await turn('fails');
    expect([answer.status, json(answer)['error']]).toEqual([424, 'the agent failed to handle the request (it answered 500)']);
  });
}
