import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { type Chain, startChain } from '../helpers/chain.ts';
import { runBin } from '../helpers/spawned.ts';

/** Names that resolve nowhere: who reaches them has asked the proxy. */
const AWS = 'http://aws.invalid';

let chain: Chain;
let server: Server;
let proxyUrl: string;
/** What the proxy was asked, in order. */
let asked: string[] = [];
/** Status of its answer when it refuses. */
let refusal: number | undefined;

beforeAll(async () => {
  chain = await startChain(createActingAgent(), { hostNames: ['aws.invalid', 'turns.invalid'] });
  server = createServer();
  server.on('connect', (request, socket, head: Buffer) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    socket.on('error', () => undefined);
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal} no\r\n\r\n`);
    const upstream = connect(chain.emulator.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await chain.close();
});

/** The program with this proxy, far from the emulator. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  asked = [];
  refusal = undefined;
  return runBin(args, { ...chain.env, HOME: '/nonexistent', AWS_ENDPOINT_URL: AWS, HTTP_PROXY: proxyUrl, ...env });
}

const turn = (): string => chain.url.replace(chain.emulator.url, 'http://turns.invalid:8080');

describe('through the proxy', () => {
  test('calls of AWS', async () => {
    const { exitCode, stdout, stderr } = await run(['status', '--stack-name', 'chain']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Integration +STREAM/m);
    expect(exitCode).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['aws.invalid:80']));
  });

  test('turns, with the name and the password of the proxy', async () => {
    const http_proxy = proxyUrl.replace('//', '//ada:p%40ss@');
    const result = await run(['invoke', '--url', turn(), 'hi'], { HTTP_PROXY: '', http_proxy });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    expect(asked).toEqual([`turns.invalid:8080 Basic ${Buffer.from('ada:p@ss').toString('base64')}`]);
  });

  test('the proof of the endpoint', async () => {
    const { stdout } = await run(['doctor', '--stack-name', 'chain']);
    expect(stdout).toMatch(/ok +it streams \(/);
    expect(new Set(asked)).toEqual(new Set(['aws.invalid:80']));
  });

  test.each(['lambda', 'agentcore'])('turns of the hop %s', async (hop) => {
    const result = await run(['invoke', '--stack-name', 'chain', '--hop', hop, 'hi']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    expect(new Set(asked)).toEqual(new Set(['aws.invalid:80']));
  });

  test('https goes by HTTPS_PROXY, and a refusal is told with its name', async () => {
    const args = ['status', '--region', 'us-west-2'];
    const env = { AWS_ENDPOINT_URL: '', HTTP_PROXY: '', HTTPS_PROXY: proxyUrl.replace('http://', '') };
    const pending = run(args, env);
    refusal = 502;
    const { exitCode, stderr } = await pending;
    expect(exitCode).toBe(1);
    expect(new Set(asked)).toEqual(new Set(['cloudformation.us-west-2.amazonaws.com:443']));
    expect(stderr).toContain(
      'error: no connection to AWS (PROXY_502)\nhint: the connection to AWS goes through the proxy HTTPS_PROXY=http://127.0.0.1:',
    );
  });

  test('a proxy that wants a password', async () => {
    const pending = run(['invoke', '--url', turn(), 'hi']);
    refusal = 407;
    const { exitCode, stderr } = await pending;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /error: no connection to the endpoint \(PROXY_407\)\nhint: .* HTTP_PROXY=http:.*, which wants a name and a password/,
    );
  });
});

describe('past the proxy', () => {
  test.each([
    ['NO_PROXY', 'other.example, .invalid'],
    ['no_proxy', '*'],
    ['NO_PROXY', 'turns.invalid:8080'],
  ])('%s=%s', async (name, value) => {
    const { stderr } = await run(['invoke', '--url', turn(), 'hi'], { [name]: value });
    expect(stderr).toContain('hint: turns.invalid does not resolve');
    expect(asked).toEqual([]);
  });

  test('--local', async () => {
    const env = { AGENTSTREAM_LOCAL: chain.emulator.url };
    const result = await run(['invoke', '--stack-name', 'chain', 'hi'], env);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'ok\n' });
    expect(asked).toEqual([]);
  });
});

test.each([
  [
    'a proxy that is not there',
    { HTTP_PROXY: 'http://127.0.0.1:9' },
    1,
    /HTTP_PROXY=http:\/\/127\.0\.0\.1:9: check that variable/,
  ],
  ['a value that is no URL', { HTTP_PROXY: 'ftp://x' }, 2, /^error: not the URL of a proxy: HTTP_PROXY\n/],
])('%s', async (_, env, exitCode, words) => {
  const result = await run(['status'], env);
  expect(result.stderr).toMatch(words);
  expect(result.exitCode).toBe(exitCode);
});
