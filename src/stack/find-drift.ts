import type { Stack } from '../aws/describe-stack.ts';
import type { LiveSettings } from './live-settings.ts';

/** A setting that is not what the stack made it: it was changed behind CloudFormation. */
export interface Drift {
  /** For example `memory of the function`. */
  readonly what: string;
  readonly stack: string;
  readonly live: string;
}

/** Environment variables of the function, by the template parameter that sets them. */
const VARIABLES: readonly (readonly [variable: string, parameter: string, what: string])[] = [
  ['AGENT_RUNTIME_ARN', 'AgentRuntimeArn', 'agent of the function'],
  ['AGENT_QUALIFIER', 'AgentQualifier', 'qualifier of the function'],
  ['CORS_ORIGINS', 'CorsOrigins', 'CORS origins of the function'],
  ['CORS_CREDENTIALS', 'CorsCredentials', 'CORS credentials of the function'],
  ['USER_ID_FROM', 'UserIdFrom', 'source of the user id'],
  ['SESSION_SCOPE', 'SessionScope', 'session scope'],
  ['HEARTBEAT_MS', 'HeartbeatMs', 'heartbeat of the function (ms)'],
  ['FLUSH_MODE', 'FlushMode', 'flush mode of the function'],
];

/**
 * A hint at drift: settings that are easily changed in the console, held against the stack's parameters. CloudFormation's own drift
 * detection looks at all properties, and takes minutes.
 */
export function findDrift({ parameters, outputs }: Stack, live: LiveSettings): Drift[] {
  const found: Drift[] = [];
  const compare = (what: string, parameter: string, value: string | number | undefined): void => {
    const stack = parameters[parameter];
    // A stack of an older version does not have the parameter.
    if (stack === undefined || value === undefined || sameValue(stack, String(value))) return;
    found.push({ what, stack, live: String(value) });
  };
  if (live.function.type === 'known') {
    const { memoryMb, variables, reservedConcurrency } = live.function.value;
    compare('memory of the function (MB)', 'MemorySize', memoryMb);
    compare('concurrency of the function', 'MaxConcurrency', reservedConcurrency ?? 0);
    for (const [variable, parameter, what] of VARIABLES) {
      compare(what, parameter, variables[variable] ?? '');
    }
  }
  if (live.stage.type === 'known') {
    const { rateLimit, burstLimit } = live.stage.value.throttle;
    compare('rate limit of the stage', 'RateLimit', rateLimit);
    compare('burst limit of the stage', 'BurstLimit', burstLimit);
  }
  if (live.endpointType.type === 'known') {
    compare('endpoint type', 'EndpointType', live.endpointType.value);
  }
  if (live.stage.type === 'known' && live.stage.value.webAclArn !== outputs['WafAclArn']) {
    const { webAclArn } = live.stage.value;
    found.push({
      what: 'web ACL of the stage',
      stack: outputs['WafAclArn'] ?? 'none',
      live: webAclArn ?? 'none',
    });
  }
  if (live.plan.type === 'known' && live.plan.value) {
    const { throttle, quota } = live.plan.value;
    compare('rate limit of the key', 'RateLimit', throttle.rateLimit);
    compare('burst limit of the key', 'BurstLimit', throttle.burstLimit);
    compare('quota of the key', 'QuotaPerDay', quota?.limit);
  }
  return found;
}

/** Numbers are compared as such: `10` and `10.0` are one. */
function sameValue(a: string, b: string): boolean {
  return a === b || (a !== '' && b !== '' && Number(a) === Number(b));
}
