type Values = Readonly<Record<string, string | undefined>>;

/** Assumed length of a turn, s. */
const TURN_SECONDS = 20;

/**
 * Explains the consequences of the given options, a sentence each.
 * @param given template parameters; undefined for options that were not given
 */
export function optionNotes(given: Values): string[] {
  const cap = Number(given['MaxConcurrency'] ?? 0);
  return [
    ...(given['AuthMode'] === 'none'
      ? [
          '--auth none: anyone on the internet who finds the URL can spend your money; only --rate-limit and --burst-limit limit that',
        ]
      : []),
    ...(cap > 0 ? [concurrencyNote(cap)] : []),
    ...(given['SessionScope'] === 'caller'
      ? [
          '--session-scope caller: with --auth iam the caller is an ARN, and anyone who may assume the role chooses the session name in it; with --auth api-key the caller is the key, so rotating it ends the sessions',
        ]
      : []),
    ...(isIpv4Only(given['AllowCidrs'])
      ? ['--allow-cidr: callers over IPv6 are refused; to allow them, add their IPv6 ranges']
      : []),
    ...(given['AlarmEmail']
      ? [`--alarms: AWS asks ${given['AlarmEmail']} to confirm by e-mail; alarms arrive only after that`]
      : []),
    ...alarmNote(given),
    ...(given['Tracing'] === 'on'
      ? [
          // X-Ray guide, "Configuring sampling rules": the first request each second and 5 % of the others.
          '--tracing: X-Ray samples one turn a second and 5 % of the others; the agent gets no trace header, so its own traces are not linked to these and stay complete',
        ]
      : []),
  ];
}

/** The API answers on IPv4 and IPv6 (template: dualstack), and clients prefer IPv6. */
function isIpv4Only(ranges = ''): boolean {
  return ranges !== '' && !ranges.includes(':');
}

/** The template's conditions HasFirstContentAlarm and HasCapAlarm, for the given flags; the stack's own values are not known here. */
function alarmNote(given: Values): string[] {
  if (!given['AlarmEmail'] && !given['AlarmTopicArn']) return [];
  const missing = [
    ...(given['AccessLog'] === 'on' ? [] : ['slow first content needs --access-log']),
    ...(Number(given['MaxConcurrency'] ?? 0) > 0 ? [] : ['open streams near their cap needs --max-concurrency']),
  ];
  return missing.length === 0 ? [] : [`--alarms: some alarms need another option: ${missing.join('; ')}`];
}

/**
 * Lambda guide, "Understanding function scaling": concurrency is rate times duration. A call beyond it gets 429 (API reference,
 * InvokeWithResponseStream: TooManyRequestsException); AWS does not document the answer of API Gateway.
 */
function concurrencyNote(cap: number): string {
  const perSecond = Math.round((cap / TURN_SECONDS) * 100) / 100;
  return `--max-concurrency ${cap}: ${cap} streams may be open at once, so turns of ${TURN_SECONDS} s reach ${perSecond} a second; more are refused, by API Gateway with 500 (as users report) and by Lambda with 429`;
}
