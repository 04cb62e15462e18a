import type { SigningKey } from '../../endpoint/authorize.ts';

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
