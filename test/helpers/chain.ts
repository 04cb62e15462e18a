import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { startEmulator, type Agent, type Emulator, type EmulatorEvent, type EmulatorOptions } from '../../src/emulator/index.ts';
import { deployStack } from '../../src/stack/deploy-stack.ts';
import { createTemplateRenderer } from '../../src/stack/template-renderer.ts';

export const REGION = 'us-east-1';
export const AGENT_ARN = `arn:aws:bedrock-agentcore:${REGION}:000000000000:runtime/test_agent-0123456789`;

/** The whole chain, deployed on an emulator of its own. */
export interface Chain {
  readonly emulator: Emulator;
  /** Base URL of the stage. */
  readonly url: string;
  readonly outputs: Readonly<Record<string, string | undefined>>;
  readonly events: readonly EmulatorEvent[];
  /** Environment in which a command or an SDK finds this emulator. */
  readonly env: Record<string, string>;
  close(): Promise<void>;
}

export interface ChainOptions extends Omit<EmulatorOptions, 'agents' | 'onEvent'> {
  /** Template parameters beside the agent's ARN. Default: auth mode none. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** The function is built once for all chains of a worker. */
let renderer: ReturnType<typeof createTemplateRenderer> | undefined;
let wholeRenderer: ReturnType<typeof createTemplateRenderer> | undefined;

/** Renders every parameter and condition, for a test that edits the template. */
export const openWholeRenderer = () => (wholeRenderer ??= createTemplateRenderer(undefined, { isFull: true }));

/** Starts an emulator with this agent and deploys the real template to it, through the SDK. */
export async function startChain(agent: Agent, options: ChainOptions = {}): Promise<Chain> {
  const { parameters = {}, ...emulatorOptions } = options;
  return openChain(agent, emulatorOptions, async (client) => {
    const { render } = await (renderer ??= createTemplateRenderer());
    const { stack } = await deployStack(client, {
      stackName: 'chain',
      parameters: { AgentRuntimeArn: AGENT_ARN, AuthMode: 'none', ...parameters },
      renderTemplate: render,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    });
    return stack.outputs;
  });
}

/**
 * An emulator with this agent, and a stack that is put up on it in some way.
 * @param putUp gives the stack's outputs; when it fails, the emulator ends
 */
export async function openChain(
  agent: Agent,
  options: Omit<ChainOptions, 'parameters'>,
  putUp: (client: CloudFormationClient) => Promise<Chain['outputs']>,
): Promise<Chain> {
  const events: EmulatorEvent[] = [];
  const emulator = await startEmulator({
    ...options,
    agents: new Map([[AGENT_ARN, agent]]),
    onEvent: (event) => events.push(event),
  });
  const client = new CloudFormationClient({ endpoint: emulator.url, region: REGION, credentials: emulator.credentials });
  try {
    const outputs = await putUp(client);
    return {
      emulator,
      url: `${emulator.url}/_aws/execute-api/${outputs['ApiId']}/${outputs['StageName']}`,
      outputs,
      events,
      env: awsEnvironment(emulator),
      close: () => emulator.close(),
    };
  } catch (error) {
    await emulator.close();
    throw error;
  } finally {
    client.destroy();
  }
}

/** Environment in which a command or an SDK finds this emulator. */
export function awsEnvironment(emulator: Emulator): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
  };
}
