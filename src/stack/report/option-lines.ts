import type { LiveSettings, Reading } from '../live-settings.ts';
import type { StackFacts } from '../stack-facts.ts';
import { commandLine, type Target } from '../../cli/command-line.ts';
import { plainText } from '../../ui/sanitize.ts';
import type { Style } from '../../ui/style.ts';

type Line = readonly [name: string, text: string];
type Of = (parameter: string) => string;

/** Nothing, a text, or one that is painted after what could move a cursor is out of it. */
type Shown = string | undefined | readonly [paint: (text: string) => string, text: string];

/**
 * One line for each option that is set, as API Gateway and Lambda have it now where they can be asked, else as the stack has it.
 * Nothing for what is off.
 * @param target what leads to the stack, for commands that are printed
 */
export function optionLines(facts: StackFacts, style: Style, target: Target = {}): Line[] {
  const { stack, live } = facts;
  const of: Of = (parameter) => stack.parameters[parameter] ?? '';
  const lines: readonly (readonly [name: string, shown: Shown])[] = [
    ['User id', of('UserIdFrom') && `the agent gets ${of('UserIdFrom')} of the caller`],
    ['Sessions', of('SessionScope') === 'caller' ? 'each only for who began it' : undefined],
    ['VPC endpoints', of('EndpointType') === 'PRIVATE' ? of('VpcEndpointIds') : undefined],
    ['Domain', domain(facts)],
    ['Web ACL', webAcl(facts, style)],
    ['CORS', cors(of)],
    ['Allowed', of('AllowCidrs') && `only from ${of('AllowCidrs')}`],
    ['Streams', streams(of, live, style)],
    ['Access log', accessLog(stack.outputs['AccessLogGroupName'], live, style)],
    ['Tracing', tracing(of, live, style)],
    ['Dashboard', of('Dashboard') === 'on' ? 'on, in CloudWatch' : undefined],
    ['Alarms', (of('AlarmTopicArn') || of('AlarmEmail')) && `to ${alarmTarget(of)}`],
    ['Boundary', of('PermissionsBoundary')],
    [
      'Other key',
      stack.outputs['OtherApiKeyId'] &&
        `still valid: ${commandLine(['agentstream', 'key', 'retire'], target)}`,
    ],
    [
      'Tags',
      Object.entries(stack.tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(', '),
    ],
    ['Protection', stack.isProtected ? 'AWS refuses to delete the stack' : undefined],
    ['Role', stack.roleArn && `CloudFormation works as ${stack.roleArn}`],
  ];
  return lines.flatMap(([name, shown]) => {
    if (!shown) return [];
    const [paint, text] = typeof shown === 'string' ? [String, shown] : shown;
    return [[name, paint(plainText(text))] as const];
  });
}

/** Who may call, by what is behind the mode. */
export function authDetail(facts: StackFacts): string {
  return plainText(authWords(facts));
}

function authWords({ stack: { parameters }, live }: StackFacts): string {
  const found = live?.authorizer;
  if (found?.type === 'unknown') return ` (authorizer not known: ${found.reason})`;
  const { arns = [], ttlSeconds } = known(found) ?? {};
  const names = arns.map((arn) => arn.slice(arn.search(/[^:/]+$/))).join(', ');
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

function domain({ stack: { parameters, outputs }, live }: StackFacts): string | undefined {
  const name = outputs['DomainName'];
  if (!name) return undefined;
  const found = live?.domain;
  if (found?.type === 'unknown') return `${name} (not known: ${found.reason})`;
  const { paths = [], securityPolicy = '', status = '', target = '' } = known(found) ?? {};
  const places = paths.map((path) => (path === '' ? name : `${name}/${path}`)).join(', ');
  const dns = parameters['HostedZoneId']
    ? `records in ${parameters['HostedZoneId']}`
    : `point DNS to ${target}`;
  return `${places || `${name}, which leads nowhere`}, ${securityPolicy}, ${status.toLowerCase()}; ${dns}`;
}

function webAcl({ stack: { parameters, outputs }, live }: StackFacts, style: Style): Shown {
  const wanted = outputs['WafAclArn'];
  const stage = known(live?.stage);
  if (!wanted && !stage?.webAclArn) return undefined;
  if (stage && !stage.webAclArn) return [style.red, 'none: it was taken off the stage'];
  const rules =
    parameters['Waf'] === 'managed'
      ? `managed rules, ${parameters['WafRateLimit']} requests in 5 min and address`
      : 'your own';
  return `${rules} (${(stage?.webAclArn ?? wanted ?? '').split('/').at(-2)})`;
}

function cors(of: Of): string | undefined {
  const origins = of('CorsOrigins');
  if (origins === '*') return undefined;
  if (origins === '') return 'no browsers';
  const credentials = of('CorsCredentials') === 'on' ? ', with credentials' : '';
  return `${origins.replaceAll(',', ', ')}${credentials}`;
}

function streams(of: Of, live: LiveSettings | undefined, style: Style): Shown {
  const wanted = Number(of('MaxConcurrency'));
  const found = known(live?.function);
  const reserved = found ? found.reservedConcurrency : wanted || undefined;
  if (reserved !== undefined) return `${reserved} at once`;
  return wanted > 0 ? [style.yellow, `no cap: the reserve of ${wanted} was taken away`] : undefined;
}

function accessLog(group: string | undefined, live: LiveSettings | undefined, style: Style): Shown {
  if (group === undefined) return undefined;
  return known(live?.stage)?.hasAccessLog === false
    ? [style.yellow, `${group}, which the stage does not write to`]
    : `${group}, JSON without prompts`;
}

function tracing(of: Of, live: LiveSettings | undefined, style: Style): Shown {
  if (of('Tracing') !== 'on') return undefined;
  const places = [known(live?.stage)?.traces, known(live?.function)?.traces];
  return places.includes(false)
    ? [style.yellow, 'X-Ray, not on stage and function both']
    : 'X-Ray on stage and function';
}

function alarmTarget(of: Of): string {
  return of('AlarmTopicArn') || of('AlarmEmail');
}

function known<T>(reading: Reading<T> | undefined): T | undefined {
  return reading?.type === 'known' ? reading.value : undefined;
}
