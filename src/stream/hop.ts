export const HOPS = ['api', 'lambda', 'agentcore'] as const;
/** Which way a turn goes: through API Gateway, through Lambda only, or to AgentCore direct. */
export type Hop = (typeof HOPS)[number];
