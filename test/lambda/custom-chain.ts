import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type Agent, type EmulatorEvent, startEmulator } from '../../src/emulator/index.ts';
import { bundleHandler } from '../../src/stack/bundle.ts';
import { deployStack } from '../../src/stack/deploy-stack.ts';
import { renderTemplate } from '../../src/templates/render.ts';
import { editTemplate } from '../helpers/edit-template.ts';
import {
  AGENT_ARN,
  awsEnvironment,
  type Chain,
  type ChainOptions,
  REGION,
} from '../helpers/chain.ts';

export interface CustomChainOptions extends ChainOptions {
  /** Another function than ours: one CommonJS file. */
  readonly code?: string;
  /** Variables that the function has beside the template's own. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Changes the template in other ways. */
  readonly edit?: (template: string) => string;
}

export interface CustomChain extends Chain {
  readonly functionName: string;
}

const LAST_VARIABLE = '          FLUSH_MODE: !Ref FlushMode\n';

/** As `startChain`, with changes that no deployment makes. */
export async function startCustomChain(
  agent: Agent,
  options: CustomChainOptions = {},
): Promise<CustomChain> {
  const { code, variables = {}, edit = (text) => text, parameters = {}, ...rest } = options;
  const events: EmulatorEvent[] = [];
  const emulator = await startEmulator({
    ...rest,
    agents: new Map([[AGENT_ARN, agent]]),
    onEvent: (event) => events.push(event),
  });
  const client = new CloudFormationClient({
    endpoint: emulator.url,
    region: REGION,
    credentials: emulator.credentials,
  });
  try {
    const handlerCode = code ?? (await bundleHandler()).code;
    const given = {
      AgentRuntimeArn: AGENT_ARN,
      AuthMode: 'none',
      // A table of many short calls is no abuse.
      RateLimit: '10000',
      BurstLimit: '5000',
      ...parameters,
    };
    const { stack } = await deployStack(client, {
      stackName: 'chain',
      parameters: given,
      renderTemplate: () =>
        editTemplate(renderTemplate({ handlerCode, parameters: given }), (template) =>
          edit(withVariables(template, variables)),
        ),
      onEvent: () => undefined,
      signal: new AbortController().signal,
    });
    const { ApiId, StageName, FunctionName = '' } = stack.outputs;
    return {
      emulator,
      url: `${emulator.url}/_aws/execute-api/${ApiId}/${StageName}`,
      outputs: stack.outputs,
      functionName: FunctionName,
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

function withVariables(template: string, variables: Readonly<Record<string, string>>): string {
  if (!template.includes(LAST_VARIABLE)) throw new Error('the template has no such variable');
  const lines = Object.entries(variables).map(
    ([name, value]) => `          ${name}: ${JSON.stringify(value)}\n`,
  );
  return template.replace(LAST_VARIABLE, LAST_VARIABLE + lines.join(''));
}
