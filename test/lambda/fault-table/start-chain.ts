import type { Agent } from '../../../src/emulator/index.ts';
import type { CustomChain, CustomChainOptions } from '../custom-chain.ts';

/** Starts a chain whose function runs under the runtime that the table is checked for. */
export type StartChain = (agent: Agent, options?: CustomChainOptions) => Promise<CustomChain>;

/** What no answer may hold: ARNs, account ids, names of roles. */
export const SECRET = /arn:|\d{12}|role|000000/i;

/** Calls of AgentCore that the chain has seen with that outcome. */
export function agentCalls({ events }: CustomChain): readonly number[] {
  return events
    .filter((event) => event.type === 'api-call')
    .filter(({ action }) => action.endsWith('/invocations'))
    .map(({ status }) => status);
}
