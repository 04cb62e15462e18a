import type { EndpointAuth } from '../../client/api-gateway.ts';
import { UsageError } from '../../errors.ts';
import { openSigning } from './signing.ts';
import type { TestAuth } from './test-settings.ts';

/**
 * What the machine that runs a test has to prove who it is. A key that is there is sent, too, where nothing is known of the endpoint.
 * @throws {UsageError} API_KEY_NEEDED
 */
export function readEndpointAuth(auth: TestAuth, env: NodeJS.ProcessEnv): EndpointAuth {
  if (auth.type === 'iam') {
    const { region } = auth;
    const signing = openSigning(region);
    // Said by the turns: each waits for it.
    signing.catch(() => undefined);
    return { type: 'iam', region, credentials: async () => (await signing).credentials() };
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
