import { AwsError } from '../kernel/aws-error.ts';
import {
  readList,
  readNumber,
  readObject,
  readString,
  refuseUnknown,
  requireString,
} from '../kernel/properties.ts';
import type { Properties } from '../kernel/resource-provider.ts';
import {
  DEFAULT_EVALUATION_WINDOW_SECONDS,
  EVALUATION_WINDOWS_SECONDS,
  type WafLimits,
} from './limits.ts';
import type { RateBasedStatement, WafAction, WafRule, WebAcl } from './store.ts';

/**
 * Reads the rules of an AWS::WAFv2::WebACL: rate-based rules and AWS's managed rule groups. The emulator refuses any other statement
 * by name.
 * @throws {AwsError} WAFInvalidParameterException (400)
 */
export function readWebAcl(
  properties: Properties,
  limits: WafLimits,
): Pick<WebAcl, 'defaultAction' | 'rules' | 'scope'> {
  const scope = requireString(properties, 'Scope');
  if (scope !== 'REGIONAL' && scope !== 'CLOUDFRONT') throw invalid(`the scope ${scope}`);
  const defaultAction = readAction(readObject(properties, 'DefaultAction') ?? {}, [
    'Allow',
    'Block',
  ]);
  readVisibility(properties);
  const rules = ((readList(properties, 'Rules') ?? []) as Properties[]).map((rule) =>
    readRule(rule, limits),
  );
  const priorities = new Set(rules.map(({ priority }) => priority));
  if (priorities.size < rules.length) throw invalid('two rules with one priority');
  return { scope, defaultAction, rules: rules.sort((a, b) => a.priority - b.priority) };
}

function readRule(properties: Properties, limits: WafLimits): WafRule {
  const known = ['Name', 'Priority', 'Statement', 'Action', 'OverrideAction', 'VisibilityConfig'];
  refuseUnknown(properties, 'Rules', known);
  readVisibility(properties);
  const statement = readObject(properties, 'Statement') ?? {};
  refuseUnknown(statement, 'Rules/Statement', ['RateBasedStatement', 'ManagedRuleGroupStatement']);
  const rate = readObject(statement, 'RateBasedStatement');
  const group = readObject(statement, 'ManagedRuleGroupStatement');
  const action = readObject(properties, 'Action');
  const override = readObject(properties, 'OverrideAction');
  // API reference, Rule: "You must set either this rule action or the override action", the latter for rule groups only.
  if (!rate === !group || !action === !override || !rate === !override) {
    throw invalid('a rule has one statement, with Action; a rule group has OverrideAction instead');
  }
  const named = {
    name: requireString(properties, 'Name'),
    priority: readNumber(properties, 'Priority') ?? 0,
  };
  if (rate && action) {
    const done = readAction(action, ['Allow', 'Block', 'Count']);
    return { ...named, statement: readRate(rate, limits), action: done };
  }
  const vendor = group && readString(group, 'VendorName');
  const name = group && readString(group, 'Name');
  if (vendor !== 'AWS' || !name) throw invalid('a rule group that is not of AWS');
  readAction(override ?? {}, ['None', 'Count']);
  return { ...named, statement: { type: 'managed', name }, action: 'count' };
}

function readRate(properties: Properties, limits: WafLimits): RateBasedStatement {
  const known = ['Limit', 'EvaluationWindowSec', 'AggregateKeyType'];
  refuseUnknown(properties, 'Rules/Statement/RateBasedStatement', known);
  const limit = readNumber(properties, 'Limit') ?? 0;
  if (limit < limits.lowestRateLimit)
    throw invalid(`a rate limit of ${limit}: at least ${limits.lowestRateLimit}`);
  const windowSeconds =
    readNumber(properties, 'EvaluationWindowSec') ?? DEFAULT_EVALUATION_WINDOW_SECONDS;
  if (!EVALUATION_WINDOWS_SECONDS.includes(windowSeconds))
    throw invalid(`an evaluation window of ${windowSeconds} s`);
  const by = requireString(properties, 'AggregateKeyType');
  if (by !== 'IP' && by !== 'CONSTANT') throw invalid(`the aggregate key type ${by}`);
  return { type: 'rate', limit, windowSeconds, by };
}

/** An object with exactly one member, which names the action. */
function readAction(properties: Properties, allowed: readonly string[]): WafAction {
  const [name = '', ...more] = Object.keys(properties);
  if (!allowed.includes(name) || more.length > 0) throw invalid(`the action ${name}`);
  return name === 'Allow' ? 'allow' : name === 'Block' ? 'block' : 'count';
}

function readVisibility(properties: Properties): void {
  const config = readObject(properties, 'VisibilityConfig') ?? {};
  for (const name of ['CloudWatchMetricsEnabled', 'MetricName', 'SampledRequestsEnabled']) {
    if (readString(config, name) === undefined) throw invalid(`no VisibilityConfig/${name}`);
  }
}

function invalid(what: string): AwsError {
  return new AwsError(
    'WAFInvalidParameterException',
    400,
    `Error reason: Your request contains fields that are not valid, or that the emulator does not know: ${what}`,
  );
}
