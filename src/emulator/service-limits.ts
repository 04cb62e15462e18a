import { AGENT_CORE_LIMITS } from './agentcore/limits.ts';
import { API_GATEWAY_LIMITS } from './apigateway/limits.ts';
import { LAMBDA_LIMITS } from './lambda/limits.ts';
import { LOGS_LIMITS } from './logs/limits.ts';
import type { EmulatorOptions } from './options.ts';
import { WAF_LIMITS } from './wafv2/limits.ts';
import { scaleLength, scaleWait } from './kernel/clock.ts';

/** The limits of each service, in scaled time. */
export type ServiceLimits = ReturnType<typeof resolveLimits>;

/** AWS's limits and those of the options, divided by `timeScale` (`kernel/clock.ts`). @throws {RangeError} for a scale below 1 */
export function resolveLimits(options: EmulatorOptions) {
  const { timeScale = 1 } = options;
  if (!Number.isFinite(timeScale) || timeScale < 1) throw new RangeError(`timeScale is a number of at least 1, not ${timeScale}`);
  const wait = (ms: number) => scaleWait(ms, timeScale);
  const length = (ms: number) => scaleLength(ms, timeScale);
  const apiGateway = { ...API_GATEWAY_LIMITS, ...options.apiGateway, timeScale };
  const lambda = { ...LAMBDA_LIMITS, ...options.lambda, timeScale };
  const agentCore = { ...AGENT_CORE_LIMITS, ...options.agentCore, timeScale };
  const { EDGE, PRIVATE, REGIONAL } = apiGateway.idleTimeoutMs;
  return {
    logs: { ...LOGS_LIMITS, ...options.logs },
    waf: { ...WAF_LIMITS, ...options.waf, timeScale },
    apiGateway: {
      ...apiGateway,
      streamDurationMs: length(apiGateway.streamDurationMs),
      idleTimeoutMs: { EDGE: wait(EDGE), PRIVATE: wait(PRIVATE), REGIONAL: wait(REGIONAL) },
    },
    lambda: { ...lambda, maxTimeoutMs: length(lambda.maxTimeoutMs), environmentIdleMs: wait(lambda.environmentIdleMs) },
    agentCore: {
      ...agentCore,
      idleSessionMs: wait(agentCore.idleSessionMs),
      sessionLifetimeMs: length(agentCore.sessionLifetimeMs),
      streamDurationMs: length(agentCore.streamDurationMs),
      requestTimeoutMs: length(agentCore.requestTimeoutMs),
    },
  };
}
