import type { ParameterValues } from '../aws/stack-values.ts';

/** Assumed length of a turn, s. */
const TURN_SECONDS = 20;

/**
 * Explains the consequences of the given options, a sentence each.
 * @param given template parameters; undefined for options that were not given
 */
export function optionNotes(given: ParameterValues): string[] {
  const { AuthMode: mode, SessionScope: scope, AllowCidrs: ranges = '', AlarmEmail: email, Tracing: tracing } = given;
  const cap = Number(given['MaxConcurrency'] ?? 0);
  // The API answers on IPv4 and IPv6 (template: dualstack), and clients prefer IPv6.
  const isIpv4Only = ranges !== '' && !ranges.includes(':');
  const notes: readonly (readonly [isDue: boolean, note: string])[] = [
    [
      mode === 'none',
      '--auth none: anyone on the internet who finds the URL can spend your money; only --rate-limit and --burst-limit limit that',
    ],
    [cap > 0, concurrencyNote(cap)],
    [
      scope === 'caller',
      '--session-scope caller: with --auth iam the caller is an ARN, and anyone who may assume the role chooses the session name in it; with --auth api-key the caller is the key, so rotating it ends the sessions',
    ],
    [isIpv4Only, '--allow-cidr: callers over IPv6 are refused; to allow them, add their IPv6 ranges'],
    [Boolean(email), `--alarms: AWS asks ${email} to confirm by e-mail; alarms arrive only after that`],
    alarmNote(given),
    [
      // X-Ray guide, "Configuring sampling rules": the first request each second and 5 % of the others.
      tracing === 'on',
      '--tracing: X-Ray samples one turn a second and 5 % of the others; the agent gets no trace header, so its own traces are not linked to these and stay complete',
    ],
  ];
  return notes.flatMap(([isDue, note]) => (isDue ? [note] : []));
}

/** The template's conditions HasFirstContentAlarm and HasCapAlarm, for the given flags; the stack's own values are not known here. */
function alarmNote(given: ParameterValues): readonly [boolean, string] {
  const missing = [
    ...(given['AccessLog'] === 'on' ? [] : ['slow first content needs --access-log']),
    ...(Number(given['MaxConcurrency'] ?? 0) > 0 ? [] : ['open streams near their cap needs --max-concurrency']),
  ];
  const hasAlarms = Boolean(given['AlarmEmail'] || given['AlarmTopicArn']);
  return [hasAlarms && missing.length > 0, `--alarms: some alarms need another option: ${missing.join('; ')}`];
}

/**
 * Lambda guide, "Understanding function scaling": concurrency is rate times duration. A call beyond it gets 429 (API reference,
 * InvokeWithResponseStream: TooManyRequestsException); AWS does not document the answer of API Gateway.
 */
function concurrencyNote(cap: number): string {
  const perSecond = Math.round((cap / TURN_SECONDS) * 100) / 100;
  return `--max-concurrency ${cap}: ${cap} streams may be open at once, so turns of ${TURN_SECONDS} s reach ${perSecond} a second; more are refused, by API Gateway with 500 (as users report) and by Lambda with 429`;
}
