import type { Agent } from '../../src/emulator/index.ts';
import { deployStack } from '../../src/stack/deploy-stack.ts';
import { createCodeRenderer } from '../../src/stack/template-renderer.ts';
import { AGENT_ARN, type Chain, type ChainOptions, openChain, openWholeRenderer } from '../helpers/chain.ts';

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
export async function startCustomChain(agent: Agent, options: CustomChainOptions = {}): Promise<CustomChain> {
  const { code, variables = {}, edit = (text) => text, parameters = {}, ...rest } = options;
  const chain = await openChain(agent, rest, async (client) => {
    const render = code === undefined ? (await openWholeRenderer()).render : await createCodeRenderer(code, { isFull: true });
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
      renderTemplate() {
        const { body, parameters } = render(given);
        return { body: edit(withVariables(body, variables)), parameters };
      },
      onEvent: () => undefined,
      signal: new AbortController().signal,
    });
    return stack.outputs;
  });
  return { ...chain, functionName: chain.outputs['FunctionName'] ?? '' };
}

function withVariables(template: string, variables: Readonly<Record<string, string>>): string {
  if (!template.includes(LAST_VARIABLE)) throw new Error('the template has no such variable');
  const lines = Object.entries(variables).map(([name, value]) => `          ${name}: ${JSON.stringify(value)}\n`);
  return template.replace(LAST_VARIABLE, LAST_VARIABLE + lines.join(''));
}
