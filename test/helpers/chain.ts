import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  startEmulator,
  type Agent,
  type Emulator,
  type EmulatorEvent,
  type EmulatorOptions,
} from '../../src/emulator/index.ts';
import { deployStack } from '../../src/stack/deploy-stack.ts';
import { createTemplateRenderer } from '../../src/stack/template-renderer.ts';

export const REGION = 'us-east-1';
export const AGENT_ARN = `arn:aws:bedrock-agentcore:${REGION}:000000000000:runtime/test_agent-0123456789`;

/** The whole chain, deployed on an emulator of its own. */
export interface Chain {
  readonly emulator: Emulator;
  /** Base URL of the stage. */
  readonly url: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly events: readonly EmulatorEvent[];
  /** Environment in which a command or an SDK finds this emulator. */
  readonly env: Record<string, string>;
  close(): Promise<void>;
}

export interface ChainOptions extends Omit<EmulatorOptions, 'agents' | 'onEvent'> {
  /** Template parameters beside the agent's ARN. Default: auth mode none. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Starts an emulator with this agent and deploys the real template to it, through the SDK. */
export async function startChain(agent: Agent, options: ChainOptions = {}): Promise<Chain> {
  const { parameters = {}, ...emulatorOptions } = options;
  const events: EmulatorEvent[] = [];
  const emulator = await startEmulator({
    ...emulatorOptions,
    agents: new Map([[AGENT_ARN, agent]]),
    onEvent: (event) => events.push(event),
  });
  const env = awsEnvironment(emulator);
  const client = new CloudFormationClient({
    endpoint: emulator.url,
    region: REGION,
    credentials: emulator.credentials,
  });
  try {
    const { render } = await createTemplateRenderer();
    const { stack } = await deployStack(client, {
      stackName: 'chain',
      parameters: { AgentRuntimeArn: AGENT_ARN, AuthMode: 'none', ...parameters },
      renderTemplate: render,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    });
    const { ApiId, StageName } = stack.outputs;
    return {
      emulator,
      url: `${emulator.url}/_aws/execute-api/${ApiId}/${StageName}`,
      outputs: stack.outputs,
      events,
      env,
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
