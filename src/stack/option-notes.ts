type Values = Readonly<Record<string, string | undefined>>;

/** Length of a turn for the arithmetic, s. */
const TURN_SECONDS = 20;

/**
 * What is worth knowing of options that a deploy is asked for, a sentence each.
 * @param given template parameters; undefined where nothing was asked
 */
export function optionNotes(given: Values): string[] {
  const cap = Number(given['MaxConcurrency'] ?? 0);
  return [
    ...(given['AuthMode'] === 'none'
      ? [
          '--auth none: anyone on the internet who finds the URL can spend your money; only --rate-limit and --burst-limit hold them back',
        ]
      : []),
    ...(cap > 0 ? [concurrencyNote(cap)] : []),
    ...(given['SessionScope'] === 'caller'
      ? [
          '--session-scope caller: with --auth iam a caller is an ARN, of an assumed role with its session name, which whoever may assume the role chooses; with --auth api-key it is the key, so sessions end with it',
        ]
      : []),
    ...(isIpv4Only(given['AllowCidrs'])
      ? [
          '--allow-cidr: callers that come over IPv6 are refused; name their ranges, too, if they may',
        ]
      : []),
    ...(given['AlarmEmail']
      ? [`--alarms: AWS asks ${given['AlarmEmail']} by mail to confirm; no alarm arrives before`]
      : []),
    ...alarmNote(given),
    ...(given['Tracing'] === 'on'
      ? [
          // X-Ray guide, "Configuring sampling rules": the first request each second and 5 % of the others.
          '--tracing: X-Ray samples one turn a second and 5 % of the others; the agent gets no trace header, so its own spans are not bound to these, and none is lost to their sampling',
        ]
      : []),
  ];
}

/** The API answers on both (template: dualstack), and a client takes IPv6 where it can. */
function isIpv4Only(ranges = ''): boolean {
  return ranges !== '' && !ranges.includes(':');
}

/** The template's conditions HasFirstContentAlarm and HasCapAlarm; what the stack has from before is not known here. */
function alarmNote(given: Values): string[] {
  if (!given['AlarmEmail'] && !given['AlarmTopicArn']) return [];
  const missing = [
    ...(given['AccessLog'] === 'on' ? [] : ['slow first content, with --access-log']),
    ...(Number(given['MaxConcurrency'] ?? 0) > 0
      ? []
      : ['open streams near their cap, with --max-concurrency']),
  ];
  return missing.length === 0
    ? []
    : [`--alarms: of the four, a stack has only with an option: ${missing.join('; ')}`];
}

/**
 * Lambda guide, "Understanding function scaling": concurrency is rate times duration. A call of the function beyond it gets 429 (API
 * reference, InvokeWithResponseStream: TooManyRequestsException); what API Gateway makes of that is not documented.
 */
function concurrencyNote(cap: number): string {
  const perSecond = Math.round((cap / TURN_SECONDS) * 100) / 100;
  return `--max-concurrency ${cap}: ${cap} streams may be open at once; turns of T s make that ${cap}/T a second (of ${TURN_SECONDS} s: ${perSecond}), and more are refused, by API Gateway with 500 (as users report it), by the function itself with 429`;
}
