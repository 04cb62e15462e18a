import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { clientConfig, resolveAwsAccess } from '../../src/aws/aws-access.ts';
import { describeStack, type Stack } from '../../src/aws/stack.ts';
import { proveStack } from '../../src/checks/prove-endpoint.ts';
import { serveHttp } from '../endpoint/serve.ts';
import { createActingAgent } from '../helpers/acting-agent.ts';
import { REGION, startChain } from '../helpers/chain.ts';

test('proves a stack with a custom domain by the stage’s own URL', async () => {
  const chain = await startChain(createActingAgent(), {
    parameters: { DomainName: 'agent.example.com', CertificateArn: `arn:aws:acm:${REGION}:000000000000:certificate/0` },
  });
  const paths: string[] = [];
  const proxy = await serveHttp((incoming, response) => {
    const { method, headers, url = '' } = incoming;
    paths.push(url);
    incoming.pipe(
      request(chain.emulator.url + url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      }),
    );
  });
  try {
    const access = resolveAwsAccess({}, { ...chain.env, AWS_ENDPOINT_URL: proxy.url });
    const client = new CloudFormationClient(clientConfig(access));
    const stack = (await describeStack(client, 'chain')) as Stack;
    client.destroy();
    const probe = { count: 2, interval_ms: 20, size_bytes: 0, first_delay_ms: 0 };
    const { signal } = new AbortController();
    const proof = await proveStack(stack, access, { signal, tries: 1, maxOutageMs: 0, probe });
    expect(proof.type).toBe('proved');
    const fronts = paths.filter((path) => path.endsWith('/probe'));
    expect(fronts.length).toBeGreaterThan(0);
    expect(fronts.filter((path) => !path.startsWith('/_aws/execute-api/'))).toEqual([]);
  } finally {
    proxy.close();
    await chain.close();
  }
});
