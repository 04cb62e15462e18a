import { expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { send } from '../helpers/post.ts';
import { startCustomChain } from './custom-chain.ts';
import { startRawAgentCore } from './raw-agent-core.ts';

/** What API Gateway drops or renames on the way to the client (developer guide, "Amazon API Gateway important notes"). */
const TROUBLESOME = {
  connection: 'close',
  'www-authenticate': 'Bearer',
  'content-md5': 'Q2hlY2sgSW50ZWdyaXR5IQ==',
  'max-forwards': '1',
  'user-agent': 'agent',
  server: 'uvicorn',
  trailer: 'x-total',
  via: '1.1 proxy',
  upgrade: 'websocket',
  'proxy-authenticate': 'Basic',
  te: 'trailers',
  'set-cookie': 'a=b',
  'x-amzn-requestid': 'of-the-service',
};

test("of an agent's own headers only the content type goes on", async () => {
  const agentCore = await startRawAgentCore((_call, response) => {
    response.writeHead(200, { ...TROUBLESOME, 'content-type': 'text/event-stream', 'x-own': '1' });
    response.write('data: 1\n\n');
    response.addTrailers({ 'x-total': '1' });
    response.end();
  });
  const chain = await startCustomChain(createActingAgent(), {
    variables: { AWS_ENDPOINT_URL_BEDROCK_AGENTCORE: agentCore.url },
    parameters: { FlushMode: 'off' },
  });
  try {
    const { status, headers, text } = await send('POST', `${chain.url}/invoke`, { prompt: 'hi' });
    expect([status, text]).toEqual([200, 'data: 1\n\n']);
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' });
    const names = Object.keys(headers);
    expect(names.filter((name) => name.startsWith('x-amzn-remapped-'))).toEqual([]);
    for (const name of ['x-own', 'set-cookie', 'server', 'via', 'www-authenticate']) {
      expect(names).not.toContain(name);
    }
    expect(headers['x-amzn-requestid']).not.toBe('of-the-service');
  } finally {
    await chain.close();
    agentCore.close();
  }
});
