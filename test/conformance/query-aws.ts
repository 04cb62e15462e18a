import aws4 from 'aws4';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsAccess, clientConfig } from '../../src/aws/aws-access.ts';
import { send } from '../helpers/post.ts';

/**
 * One call of a service that speaks the query protocol and whose client is none of our packages.
 * @param service by its signing name, which is that of its host
 * @returns the XML @throws with what AWS said
 */
export async function queryAws(
  access: AwsAccess & { readonly region: string },
  service: 'sts' | 'monitoring',
  Version: string,
  members: Readonly<Record<string, string>>,
): Promise<string> {
  const { region, endpointUrl } = access;
  const url = new URL(endpointUrl ?? `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`);
  const body = new URLSearchParams({ ...members, Version }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', host: url.host };
  const client = new CloudFormationClient(clientConfig(access));
  try {
    const credentials = await client.config.credentials();
    const signed = aws4.sign({ service, region, method: 'POST', path: '/', headers, body }, credentials);
    const { status, text } = await send('POST', url.href, body, signed.headers as Record<string, string>);
    if (status !== 200) throw new Error(`${service} answered ${status}: ${text}`);
    return text;
  } finally {
    client.destroy();
  }
}
