import { AGENT_CORE_LIMITS, type AgentCoreLimits } from './agentcore/limits.ts';
import { API_GATEWAY_LIMITS, type ApiGatewayLimits } from './apigateway/limits.ts';
import { LAMBDA_LIMITS, type LambdaLimits } from './lambda/limits.ts';
import { LOGS_LIMITS, type LogsLimits } from './logs/limits.ts';
import type { EmulatorOptions } from './options.ts';
import { WAF_LIMITS, type WafLimits } from './wafv2/limits.ts';
import { scaleLength, scaleWait } from './kernel/clock.ts';

/** The limits of each service, in scaled time. */
export interface ServiceLimits {
  readonly apiGateway: ApiGatewayLimits;
  readonly lambda: LambdaLimits;
  readonly agentCore: AgentCoreLimits;
  readonly logs: LogsLimits;
  readonly waf: WafLimits;
}

/**
 * AWS's limits and those that the options replace, divided by the option `timeScale` where `kernel/clock.ts` says so.
 * @throws {RangeError} when the scale is below 1
 */
export function resolveLimits(
  options: Pick<EmulatorOptions, 'apiGateway' | 'lambda' | 'agentCore' | 'logs' | 'waf' | 'timeScale'>,
): ServiceLimits {
  const { timeScale = 1 } = options;
  if (!Number.isFinite(timeScale) || timeScale < 1)
    throw new RangeError(`timeScale is a number of at least 1, not ${timeScale}`);
  const wait = (ms: number) => scaleWait(ms, timeScale);
  const length = (ms: number) => scaleLength(ms, timeScale);
  const apiGateway = { ...API_GATEWAY_LIMITS, ...options.apiGateway };
  const { EDGE, PRIVATE, REGIONAL } = apiGateway.idleTimeoutMs;
  const lambda = { ...LAMBDA_LIMITS, ...options.lambda };
  const agentCore = { ...AGENT_CORE_LIMITS, ...options.agentCore };
  return {
    logs: { ...LOGS_LIMITS, ...options.logs },
    waf: { ...WAF_LIMITS, ...options.waf, timeScale },
    apiGateway: {
      ...apiGateway,
      timeScale,
      streamDurationMs: length(apiGateway.streamDurationMs),
      idleTimeoutMs: { EDGE: wait(EDGE), PRIVATE: wait(PRIVATE), REGIONAL: wait(REGIONAL) },
    },
    lambda: {
      ...lambda,
      timeScale,
      maxTimeoutMs: length(lambda.maxTimeoutMs),
      environmentIdleMs: wait(lambda.environmentIdleMs),
    },
    agentCore: {
      ...agentCore,
      timeScale,
      idleSessionMs: wait(agentCore.idleSessionMs),
      sessionLifetimeMs: length(agentCore.sessionLifetimeMs),
      streamDurationMs: length(agentCore.streamDurationMs),
      requestTimeoutMs: length(agentCore.requestTimeoutMs),
    },
  };
}
