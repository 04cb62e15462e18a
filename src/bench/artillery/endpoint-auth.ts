import type { TestAuth } from './exported-test.ts';
import { UsageError } from '../../cli/errors.ts';
import type { EndpointAuth, SigningKey } from '../../endpoint/authorize.ts';
import { createTokenSource } from '../../endpoint/token-source.ts';

/**
 * What the machine that runs a test has to prove who it is. A key that is there is sent, too, where nothing is known of the endpoint.
 * @throws {UsageError} API_KEY_NEEDED, TOKEN_NEEDED
 */
export function readEndpointAuth(auth: TestAuth, env: NodeJS.ProcessEnv): EndpointAuth {
  if (auth.type === 'iam') {
    const { region } = auth;
    const signing = openSigning(region);
    // Said by the turns: each waits for it.
    signing.catch(() => undefined);
    return { type: 'iam', region, credentials: async () => (await signing).credentials() };
  }
  if (auth.type === 'bearer') {
    const token = env['AGENTSTREAM_TOKEN'];
    if (token) return { type: 'bearer', header: auth.header, token: createTokenSource({ token }) };
    throw new UsageError(
      'TOKEN_NEEDED',
      'the endpoint wants a bearer token: AGENTSTREAM_TOKEN is not set',
      { hint: 'a token that lasts as long as the load' },
    );
  }
  const key = env['AGENTSTREAM_API_KEY'];
  if (key) return { type: 'api-key', key };
  if (auth.type === 'none') return { type: 'none' };
  throw new UsageError(
    'API_KEY_NEEDED',
    'the endpoint wants an API key: AGENTSTREAM_API_KEY is not set',
    { hint: 'agentstream status --show-key prints it' },
  );
}

/**
 * What signs requests of this machine: the AWS SDK's own chain (environment, profile, SSO, the role of a task or a function).
 * @param region undefined: the chain's own, too
 * @throws as the SDK does when there is no Region
 */
export async function openSigning(region?: string): Promise<{
  readonly region: string;
  readonly credentials: () => Promise<SigningKey>;
}> {
  // A client of the SDK is what has the chain; it is never asked for anything else.
  const { APIGatewayClient } = await import('@aws-sdk/client-api-gateway');
  const { config } = new APIGatewayClient(region === undefined ? {} : { region });
  return { region: await config.region(), credentials: () => config.credentials() };
}
