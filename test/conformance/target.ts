import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsAccess, clientConfig, resolveAwsAccess } from '../../src/aws/aws-access.ts';
import { startEmulator } from '../../src/emulator/index.ts';
import { endpointOf } from '../../src/endpoint/endpoint.ts';
import { readApiKey } from '../../src/endpoint/credentials.ts';
import { bundleHandler } from '../../src/stack/bundle.ts';
import { deployStack } from '../../src/stack/deploy-stack.ts';
import { destroyStack } from '../../src/stack/destroy-stack.ts';
import { createCodeRenderer } from '../../src/stack/template-renderer.ts';
import { editTemplate } from '../helpers/edit-template.ts';
import { AGENT_ARN, REGION } from '../helpers/chain.ts';
import { send } from '../helpers/post.ts';
import { createMediaTypeAgent } from './media-type-agent.ts';

/** Where the suite runs: the emulator, or an account. */
export interface Target {
  readonly name: 'the emulator' | 'the account';
  readonly access: AwsAccess;
  readonly agentArn: string;
  /** Longest silence that a stream survives, ms: AWS's, or a shrunk one. */
  readonly idleMs: number;
  /** Whether the agent answers with the media types that it was called with. */
  readonly agentTellsMediaTypes: boolean;
  deploy(options: DeployOptions): Promise<Deployed>;
  close(): Promise<void>;
}

export interface DeployOptions {
  readonly stackName: string;
  /** Another function than ours: one CommonJS file. */
  readonly code?: string;
  readonly edit?: (template: string) => string;
}

/** A stack with its endpoint, ready to be called. */
export interface Deployed {
  /** Base URL of the stage. */
  readonly url: string;
  /** What a request has to carry. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Above a second, the shortest timeout that a function can have. */
const EMULATED_IDLE_MS = 2_000;
const READY_TRIES = 60;
const READY_PAUSE_MS = 1_000;
/** API Gateway developer guide, "Stream the integration response": Regional endpoints. */
const REGIONAL_IDLE_MS = 300_000;

/** An emulator of its own, as AWS in all but its limit on silence. */
export async function openEmulator(): Promise<Target> {
  const agent = createMediaTypeAgent();
  const emulator = await startEmulator({
    agents: new Map([[AGENT_ARN, agent]]),
    apiGateway: { idleTimeoutMs: { REGIONAL: EMULATED_IDLE_MS, PRIVATE: EMULATED_IDLE_MS, EDGE: EMULATED_IDLE_MS } },
  });
  const access = { region: REGION, endpointUrl: emulator.url, credentials: emulator.credentials };
  return {
    name: 'the emulator',
    access,
    agentArn: AGENT_ARN,
    idleMs: EMULATED_IDLE_MS,
    agentTellsMediaTypes: true,
    deploy: async (options) => (await deploy(access, AGENT_ARN, options)).deployed,
    close: () => emulator.close(),
  };
}

/**
 * The account that the environment of an AWS SDK leads to, with an agent of its own there. Its stacks are deleted at the end.
 * @param agentArn of a runtime that streams server-sent events
 */
export function openAccount(agentArn: string, env: NodeJS.ProcessEnv): Target {
  const region = agentArn.split(':')[3] ?? '';
  const access = { region, ...resolveAwsAccess({}, env) };
  const cleanUps: (() => Promise<unknown>)[] = [];
  return {
    name: 'the account',
    access,
    agentArn,
    idleMs: REGIONAL_IDLE_MS,
    agentTellsMediaTypes: env['AGENTSTREAM_LIVE_MEDIA_TYPES'] === '1',
    async deploy(options) {
      const { deployed, destroy } = await deploy(access, agentArn, options);
      cleanUps.push(destroy);
      return deployed;
    },
    async close() {
      for (const cleanUp of cleanUps) await cleanUp();
    },
  };
}

/** A new API key is not known everywhere at once. */
async function untilReady({ url, headers }: Deployed): Promise<void> {
  for (let tries = 0; tries < READY_TRIES; tries += 1) {
    // Ours refuses it, the asking function answers it: either at once.
    const { status } = await send('POST', `${url}/invoke`, { case: 'sdk' }, headers);
    if (status !== 403) return;
    await sleep(READY_PAUSE_MS);
  }
}

async function deploy(
  access: AwsAccess,
  agentArn: string,
  { stackName, code, edit = (text) => text }: DeployOptions,
): Promise<{ readonly deployed: Deployed; readonly destroy: () => Promise<void> }> {
  const cloudFormation = new CloudFormationClient(clientConfig(access));
  const apiGateway = new APIGatewayClient(clientConfig(access));
  const { signal } = new AbortController();
  const onEvent = (): void => undefined;
  const render = await createCodeRenderer(code ?? (await bundleHandler()).code);
  const { stack } = await deployStack(cloudFormation, {
    stackName,
    parameters: { AgentRuntimeArn: agentArn, AuthMode: 'api-key' },
    renderTemplate: (parameters) => editTemplate(render(parameters), edit),
    onEvent,
    signal,
  });
  const { ApiKeyId = '' } = stack.outputs;
  const deployed = { url: endpointOf(stack, access).url, headers: { 'x-api-key': await readApiKey(apiGateway, ApiKeyId) } };
  apiGateway.destroy();
  await untilReady(deployed);
  return {
    deployed,
    async destroy() {
      await destroyStack(cloudFormation, { stack, resources: 0, onEvent, signal });
      cloudFormation.destroy();
    },
  };
}
