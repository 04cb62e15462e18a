import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';

/** The value of an API key that the stack made. */
export async function readApiKey(client: APIGatewayClient, keyId: string): Promise<string> {
  const { GetApiKeyCommand } = await import('@aws-sdk/client-api-gateway');
  const { value } = await client.send(new GetApiKeyCommand({ apiKey: keyId, includeValue: true }));
  return value ?? '';
}
