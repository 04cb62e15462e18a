import { AwsError } from '../kernel/aws-error.ts';
import { read, refuseUnknown } from '../kernel/properties.ts';
import type { Properties } from '../kernel/resource-provider.ts';
import { DEFAULT_EVALUATION_WINDOW_SECONDS, EVALUATION_WINDOWS_SECONDS, type WafLimits } from './limits.ts';

/** Rate-based rules and AWS's managed rule groups; any other statement is refused. @throws {AwsError} WAFInvalidParameterException */
export function readWebAcl(properties: Properties, limits: WafLimits) {
  const scope = read.required(properties, 'Scope');
  if (scope !== 'REGIONAL' && scope !== 'CLOUDFRONT') throw invalid(`the scope ${scope}`);
  const defaultAction = readAction(read.object(properties, 'DefaultAction') ?? {}, ['Allow', 'Block']);
  readVisibility(properties);
  const rules = read.objects(properties, 'Rules').map((rule) => readRule(rule, limits));
  const priorities = new Set(rules.map(({ priority }) => priority));
  if (priorities.size < rules.length) throw invalid('two rules with one priority');
  // In evaluation order.
  return { scope, defaultAction, rules: rules.sort((a, b) => a.priority - b.priority) } as const;
}

export type WafRule = ReturnType<typeof readRule>;

function readRule(properties: Properties, limits: WafLimits) {
  refuseUnknown(properties, 'Rules', 'Name Priority Statement Action OverrideAction VisibilityConfig');
  readVisibility(properties);
  const statement = read.object(properties, 'Statement') ?? {};
  refuseUnknown(statement, 'Rules/Statement', 'RateBasedStatement ManagedRuleGroupStatement');
  const rate = read.object(statement, 'RateBasedStatement');
  const group = read.object(statement, 'ManagedRuleGroupStatement');
  const action = read.object(properties, 'Action');
  const override = read.object(properties, 'OverrideAction');
  // API reference, Rule: "You must set either this rule action or the override action", the latter for rule groups only.
  if (!rate === !group || !action === !override || !rate === !override)
    throw invalid('a rule has one statement, with Action; a rule group has OverrideAction instead');
  const named = { name: read.required(properties, 'Name'), priority: read.number(properties, 'Priority') ?? 0 };
  if (rate && action) {
    const done = readAction(action, ['Allow', 'Block', 'Count']);
    return { ...named, statement: readRate(rate, limits), action: done };
  }
  const vendor = group && read.string(group, 'VendorName');
  const name = group && read.string(group, 'Name');
  if (vendor !== 'AWS' || !name) throw invalid('a rule group that is not of AWS');
  readAction(override ?? {}, ['None', 'Count']);
  // The emulator has none of AWS's rules, so nothing matches.
  return { ...named, statement: { type: 'managed', name }, action: 'count' } as const;
}

/** @returns `limit`: requests within the window that do not match yet; `by`: whether addresses are counted apart or all together */
function readRate(properties: Properties, limits: WafLimits) {
  refuseUnknown(properties, 'Rules/Statement/RateBasedStatement', 'Limit EvaluationWindowSec AggregateKeyType');
  const limit = read.number(properties, 'Limit') ?? 0;
  if (limit < limits.lowestRateLimit) throw invalid(`a rate limit of ${limit}: at least ${limits.lowestRateLimit}`);
  const windowSeconds = read.number(properties, 'EvaluationWindowSec') ?? DEFAULT_EVALUATION_WINDOW_SECONDS;
  if (!EVALUATION_WINDOWS_SECONDS.includes(windowSeconds)) throw invalid(`an evaluation window of ${windowSeconds} s`);
  const by = read.required(properties, 'AggregateKeyType');
  if (by !== 'IP' && by !== 'CONSTANT') throw invalid(`the aggregate key type ${by}`);
  return { type: 'rate', limit, windowSeconds, by } as const;
}

/** An object with exactly one member, which names the action. */
function readAction(properties: Properties, allowed: readonly string[]): 'allow' | 'block' | 'count' {
  const [name = '', ...more] = Object.keys(properties);
  if (!allowed.includes(name) || more.length > 0) throw invalid(`the action ${name}`);
  return name === 'Allow' ? 'allow' : name === 'Block' ? 'block' : 'count';
}

function readVisibility(properties: Properties): void {
  const config = read.object(properties, 'VisibilityConfig') ?? {};
  for (const name of ['CloudWatchMetricsEnabled', 'MetricName', 'SampledRequestsEnabled']) {
    if (read.string(config, name) === undefined) throw invalid(`no VisibilityConfig/${name}`);
  }
}

function invalid(what: string): AwsError {
  const message = 'Error reason: Your request contains fields that are not valid, or that the emulator does not know';
  return new AwsError('WAFInvalidParameterException', 400, `${message}: ${what}`);
}
