import { UsageError } from '../../cli/errors.ts';
import { hint } from '../../cli/hint.ts';
import { type Credentials, openSigning } from '../../endpoint/authorize.ts';
import { createTokenSource } from '../../endpoint/token-source.ts';
import type { TestAuth } from './exported-test.ts';

/**
 * What the machine that runs a test has to prove who it is. A key that is there is sent, too, where nothing is known of the endpoint.
 * @throws {UsageError} API_KEY_NEEDED, TOKEN_NEEDED
 */
export function readEndpointAuth(auth: TestAuth, env: NodeJS.ProcessEnv): Credentials {
  if (auth.type === 'iam') {
    const { region } = auth;
    const signing = openSigning({ region });
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
    { hint: hint`${['agentstream', 'status', '--show-key']} prints it` },
  );
}
