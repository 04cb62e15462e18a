/** The public interface of the emulator. */
export { startEmulator, type Emulator } from './emulator.ts';
export type { ApiCall, EmulatorOptions } from './options.ts';
export type * from './kernel/emulator-event.ts';
export type { Inventory } from './region.ts';
export type { PolicyDocument, Principal } from './iam/policy.ts';
export { AwsError } from './kernel/aws-error.ts';
export { type Fault, FAULT_HEADER, FAULT_KINDS, formatFault } from './faults/fault.ts';
export { InvalidFaultError, parseFault } from './faults/parse-fault.ts';
export { AGENT_CORE_LIMITS, type AgentCoreLimits } from './agentcore/limits.ts';
export { API_GATEWAY_LIMITS, type ApiGatewayLimits } from './apigateway/limits.ts';
export { LAMBDA_LIMITS, type LambdaLimits } from './lambda/limits.ts';
export { WAF_LIMITS, type WafLimits } from './wafv2/limits.ts';
export { LOGS_LIMITS, type LogsLimits } from './logs/limits.ts';
export type { Clock as ScriptClock } from './kernel/clock.ts';
export type { Agent, AgentInvocation, AgentReply, RuntimeSettings } from './agentcore/agent.ts';
export { httpAgent, pingAgent, type PingResult } from './agentcore/agents/http.ts';
export { type AgentScript, scriptedAgent, type ScriptFrame, type ScriptOptions } from './agentcore/agents/scripted.ts';
export { echoAgent, storyAgent, type StoryOptions } from './agentcore/agents/demo.ts';
