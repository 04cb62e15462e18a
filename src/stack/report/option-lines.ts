import type { ParameterName } from '../../aws/stack-values.ts';
import { known } from '../live-settings.ts';
import { lastPart } from '../settings/setting.ts';
import { SETTING_ROWS } from '../settings/settings.ts';
import type { StackStatus } from '../stack-status.ts';
import { commandLine, type Target } from '../../cli/command-line.ts';
import { plainText } from '../../ui/sanitize.ts';
import type { Style } from '../../ui/terminal.ts';

/** A text, perhaps with a colour that is applied after control characters are removed. */
type Shown = string | undefined | readonly [paint: (text: string) => string, text: string];

/** Settings whose line shows the current value in API Gateway or Lambda when it is readable. */
const LIVE_LINES: Partial<Record<ParameterName, (facts: StackStatus, style: Style) => Shown>> = {
  DomainName: domain,
  Waf: webAcl,
  MaxConcurrency: streams,
  AccessLog: accessLog,
  Tracing: tracing,
};

/** One line for each option that is set. @param target flags that lead to the stack, for printed commands */
export function optionLines(facts: StackStatus, style: Style, target: Target = {}): (readonly [name: string, text: string])[] {
  const { stack } = facts;
  const of = (parameter: ParameterName): string => stack.parameters[parameter] ?? '';
  const tags = Object.entries(stack.tags).map(([key, value]) => `${key}=${value}`);
  const lines: readonly (readonly [name: string, shown: Shown])[] = [
    ...SETTING_ROWS.flatMap(([parameter, setting]) => {
      const { status } = setting;
      if (!status) return [];
      const value = stack.parameters[parameter];
      const isSet = value !== undefined && value !== setting.default;
      const live = LIVE_LINES[parameter];
      const shown = isSet ? (status.text?.(value, of) ?? value) : undefined;
      return [[status.name, live ? live(facts, style) : shown] as const];
    }),
    ['Other key', stack.outputs.OtherApiKeyId && `still valid: ${commandLine(['agentstream', 'key', 'retire'], target)}`],
    ['Tags', tags.join(', ')],
    ['Protection', stack.isProtected ? 'AWS refuses to delete the stack' : undefined],
    ['Role', stack.roleArn && `CloudFormation works as ${stack.roleArn}`],
  ];
  return lines.flatMap(([name, shown]) => {
    if (!shown) return [];
    const [paint, text] = typeof shown === 'string' ? [String, shown] : shown;
    return [[name, paint(plainText(text))] as const];
  });
}

/** Details of the auth mode: user pool and scopes, or the authorizer function. Not for a terminal yet. */
export function authDetail({ stack: { parameters }, live }: StackStatus): string {
  const found = live?.authorizer;
  if (found?.type === 'unknown') return ` (authorizer unknown: ${found.reason})`;
  const { arns = [], ttlSeconds } = known(found) ?? {};
  const names = arns.map(lastPart).join(', ');
  const mode = parameters['AuthMode'];
  if (mode === 'cognito') {
    const scopes = parameters['AuthScopes'];
    return `: tokens of ${names || 'no user pool'}${scopes ? `, with scope ${scopes.replaceAll(',', ' or ')}` : ''}`;
  }
  if (mode === 'lambda') {
    const source = parameters['IdentitySource'];
    return `: ${names || 'no function'} decides${source ? ` by ${source}` : ''}, for ${ttlSeconds ?? 0} s`;
  }
  return '';
}

function domain({ stack: { parameters, outputs }, live }: StackStatus): string | undefined {
  const name = outputs['DomainName'];
  if (!name) return undefined;
  const found = live?.domain;
  if (found?.type === 'unknown') return `${name} (unknown: ${found.reason})`;
  const { paths = [], securityPolicy = '', status = '', target = '' } = known(found) ?? {};
  const places = paths.map((path) => (path === '' ? name : `${name}/${path}`)).join(', ');
  const dns = parameters['HostedZoneId'] ? `records in ${parameters['HostedZoneId']}` : `point DNS to ${target}`;
  return `${places || `${name}, which has no mapping`}, ${securityPolicy}, ${status.toLowerCase()}; ${dns}`;
}

function webAcl({ stack: { parameters, outputs }, live }: StackStatus, style: Style): Shown {
  const wanted = outputs['WafAclArn'];
  const stage = known(live?.stage);
  if (!wanted && !stage?.webAclArn) return undefined;
  if (stage && !stage.webAclArn) return [style.red, 'none: it was removed from the stage'];
  const rules =
    parameters['Waf'] === 'managed' ? `managed rules, ${parameters['WafRateLimit']} requests per address in 5 min` : 'your own';
  return `${rules} (${(stage?.webAclArn ?? wanted ?? '').split('/').at(-2)})`;
}

function streams({ stack: { parameters }, live }: StackStatus, style: Style): Shown {
  const wanted = Number(parameters['MaxConcurrency'] ?? 0);
  const found = known(live?.function);
  const reserved = found ? found.reservedConcurrency : wanted || undefined;
  if (reserved !== undefined) return `${reserved} at once`;
  return wanted > 0 ? [style.yellow, `no cap: the reserved concurrency of ${wanted} was removed`] : undefined;
}

function accessLog({ stack, live }: StackStatus, style: Style): Shown {
  const group = stack.outputs.AccessLogGroupName;
  if (group === undefined) return undefined;
  return known(live?.stage)?.hasAccessLog === false
    ? [style.yellow, `${group}, but the stage does not write to it`]
    : `${group}, JSON without prompts`;
}

function tracing({ stack, live }: StackStatus, style: Style): Shown {
  if (stack.parameters.Tracing !== 'on') return undefined;
  const places = [known(live?.stage)?.traces, known(live?.function)?.traces];
  return places.includes(false) ? [style.yellow, 'X-Ray, but not on both stage and function'] : 'X-Ray on stage and function';
}
