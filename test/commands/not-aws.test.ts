import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { answerAll, type PlainServer, queryError as error, servePlain } from '../helpers/plain-server.ts';
import { type CliResult, runCli } from '../helpers/run-cli.ts';

const ARN = 'arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/my_agent-AbCdEfGhIj';
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE12', AWS_SECRET_ACCESS_KEY: 'x' };

const home = mkdtempSync(join(tmpdir(), 'agentstream-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let server: PlainServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function answering(status: number, body: string): Promise<string> {
  server = await answerAll(status, body, 'text/html');
  return server.url;
}

const runHere = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> =>
  runCli(args, { env: { XDG_STATE_HOME: home, ...env } });

describe('what answers is not AWS', () => {
  test.each([
    [200, '', 'its answer has no stack'],
    [200, '<html><body>Log in here</body></html>', 'its answer has no stack'],
    [
      200,
      '<DescribeStacksResponse><DescribeStacksResult><Stacks/></DescribeStacksResult></DescribeStacksResponse>',
      'its answer has no stack',
    ],
    [200, '{"ok":true}', '200'],
    [404, '404 page not found', '404'],
    [500, '', '500'],
    [502, '<!doctype html><html lang=en><title>502</title>', '502'],
    [503, '<html></html>', '503'],
  ])('%d with %j', async (status, body, words) => {
    const AWS_ENDPOINT_URL = await answering(status, body);
    const env = { ...KEYS, AWS_ENDPOINT_URL, AWS_REGION: 'us-east-1' };
    const deploy = ['deploy', '--skip-preflight', '--yes', '--agent-arn', ARN];
    for (const command of [['destroy', '--yes'], ['status'], ['logs'], ['invoke', 'hi'], deploy]) {
      const { exitCode, stderr } = await runHere(command, env);
      expect(stderr).toContain(`error: what answers at ${AWS_ENDPOINT_URL} is not AWS (${words})\nhint: check AWS_ENDPOINT_URL`);
      expect(exitCode).toBe(1);
    }
    const { stdout } = await runHere(['destroy', '--yes', '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'NOT_AWS' } });
  });

  test('a change set that is never made does not keep a deploy waiting', async () => {
    const missing = error('ValidationError', 'Stack with id agentstream does not exist');
    server = await servePlain((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        const isQuestion = text.includes('Action=DescribeStacks');
        response.writeHead(isQuestion ? 400 : 200, { 'content-type': 'text/xml' }).end(isQuestion ? missing : '');
      });
    });
    const AWS_ENDPOINT_URL = server.url;
    const env = { ...KEYS, AWS_ENDPOINT_URL, AWS_REGION: 'us-east-1' };
    const { exitCode, stderr } = await runHere(['deploy', '--skip-preflight', '--agent-arn', ARN], env);
    expect(stderr).toContain('is not AWS (its answer has no change set)');
    expect(exitCode).toBe(1);
  });
});

describe('hints of connections, by what happened', () => {
  test.each([
    [
      'a name that does not resolve',
      'http://no-such-host.invalid',
      /hint: no-such-host\.invalid does not resolve: check the URL/,
    ],
    ['a port where nothing listens', 'http://127.0.0.1:9', /hint: check the URL; is `agentstream dev` still running\?/],
  ])('%s', async (_, url, words) => {
    const { stderr } = await runHere(['invoke', '--url', url, 'hi']);
    expect(stderr).toMatch(words);
    expect(/agentstream dev/.test(stderr)).toBe(url.includes('127.0.0.1'));
  });

  test('a stream that is cut at once is not blamed on a limit', async () => {
    server = await servePlain((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: "a"\n\n');
      setImmediate(() => request.socket.destroy());
    });
    const { url } = server;
    const { stderr } = await runHere(['invoke', '--url', url, 'hi']);
    expect(stderr).toMatch(/hint: no limit of AWS cuts a stream after .*: look at the network between/);
    expect(stderr).not.toContain('5 minutes');
  });
});
