import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  GetTemplateCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientConfig } from '../../src/aws/aws-access.ts';
import { describeStack, findStack } from '../../src/aws/stack.ts';
import { readApiKey } from '../../src/endpoint/credentials.ts';
import { endpointOf } from '../../src/endpoint/endpoint.ts';
import type { Printed } from './program.ts';
import { CannotRun, type Deployed } from './row.ts';
import type { StackName, World } from './world.ts';

/** An account with a small concurrency cannot set any aside: that says nothing about AWS. */
const SMALL_ACCOUNT = /^CONCURRENCY_TOO_HIGH|below its minimum value of/;

/**
 * Deploys a stack by the program itself, without its proof unless `proves`.
 * @param env of somebody else than the person who runs this
 * @throws {CannotRun} in an account that is too small for it; an Error with the program's own words
 */
export async function deploy(
  world: World,
  name: StackName,
  flags: readonly string[],
  { env, proves = false }: { readonly env?: NodeJS.ProcessEnv; readonly proves?: boolean } = {},
): Promise<{ readonly deployed: Deployed; readonly result: Printed }> {
  const stackName = world.stackName(name);
  const args = ['deploy', '--stack-name', stackName, '--agent-arn', world.agentArn, '--yes', ...(proves ? [] : ['--no-verify'])];
  const { last, words } = await world.run([...args, ...flags], env);
  if (SMALL_ACCOUNT.test(words)) throw new CannotRun(words);
  if (words !== 'ok') throw new Error(words);
  return { deployed: await endpointNamed(world, stackName), result: last };
}

/** The endpoint of a stack, as the program finds it. */
export async function endpointNamed({ access }: World, stackName: string): Promise<Deployed> {
  const stack = await findStack(stackName, access);
  const { stageUrl: url, headers } = endpointOf(stack, access);
  const keyId = stack.outputs['ApiKeyId'];
  const client = new APIGatewayClient(clientConfig(access));
  try {
    const key = keyId ? { 'x-api-key': await readApiKey(client, keyId) } : {};
    return { stackName, url, headers: { ...headers, ...key }, outputs: stack.outputs };
  } finally {
    client.destroy();
  }
}

const TRIES = 30;
const RETRY_MS = 2_000;

/**
 * Whether probes come through with these credentials, asked until they do: a change of a stage takes a while to be known everywhere.
 * @returns `streams`, another verdict, or the last failure
 */
export async function probe(
  world: World,
  { stackName }: Pick<Deployed, 'stackName'>,
  args: readonly string[] = [],
): Promise<string> {
  const bench = ['bench', '--probe', '--requests', '2', '--no-self-test', '--max-lag', '1h', '--yes', '--stack-name', stackName];
  for (let tries = 1; ; tries += 1) {
    const { last, words } = await world.run([...bench, ...args]);
    if (words === 'ok') {
      const verdict = /"verdicts":\[\{"hop":"api","name":"([^"]+)"/.exec(JSON.stringify(last))?.[1];
      return verdict === 'streaming' ? 'streams' : String(verdict);
    }
    if (tries === TRIES) return words;
    await sleep(world.place === 'emulator' ? 100 : RETRY_MS);
  }
}

/** The stack of another one's template with a timeout of its function of one second; the program has no flag for that. */
export async function deployBrief(world: World, like: string): Promise<Deployed> {
  const client = new CloudFormationClient(clientConfig(world.access));
  const StackName = world.stackName('brief');
  try {
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: like }));
    const brief = TemplateBody.replace(/Timeout: 900\b/, 'Timeout: 1');
    const parameters = (await describeStack(client, like))?.parameters ?? {};
    await client.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: brief,
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );
    const delay = world.place === 'emulator' ? { minDelay: 0.05, maxDelay: 0.5 } : { minDelay: 3, maxDelay: 10 };
    await waitUntilStackCreateComplete({ client, maxWaitTime: 900, ...delay }, { StackName });
    return await endpointNamed(world, StackName);
  } finally {
    client.destroy();
  }
}
