import { known, type LiveSettings, type Reading } from '../live-settings.ts';
import type { StackStatus } from '../stack-status.ts';
import { hintText, type Target } from '../../cli/command-line.ts';
import { type Hint, hint } from '../../cli/errors.ts';
import { SHELL_STATUS } from '../own-stack.ts';
import { INTEGRATION_HINT } from '../integrations.ts';
import { formatBytes, formatSpan, plural } from '../../ui/format.ts';
import { authDetail, optionLines } from './option-lines.ts';
import { plainText } from '../../ui/sanitize.ts';
import type { Style } from '../../ui/terminal.ts';
import { keyValueLines } from '../../ui/table.ts';
import { FIXED_SPACE, fitText, type Width } from '../../ui/wrap-text.ts';

/**
 * The stack and its settings for people. Problems are red, with a hint below them.
 * @param options.target flags that lead to the stack, for printed commands
 * @param options.nowMs epoch ms
 * @param options.output a terminal's lines are broken between words
 */
export function statusLines(
  facts: StackStatus,
  style: Style,
  options: { readonly target: Target; readonly nowMs: number; readonly output?: Width },
): string {
  const { target, nowMs, output } = options;
  const { stack, region, url, live } = facts;
  const { outputs, parameters } = stack;
  const { Handler: own } = outputs;
  const status = stack.statusReason ? `${stack.status} (${stack.statusReason})` : stack.status;
  const head: (readonly [string, string])[] = [
    ['Stack', `${stack.name} in ${region}`],
    ['Status', paintStatus(stack.status, style)(plainText(status))],
  ];
  const hintLine = (text: Hint): string => fitText(`${style.dim('hint')}: ${hintText(text, target, FIXED_SPACE)}\n`, output);
  if (!url && HOLLOW.has(stack.status)) {
    const { AgentRuntimeArn: arn } = parameters;
    const agent = arn ? [['Agent', arn] as const] : [];
    const deploy = ['agentstream', 'deploy', ...(arn ? [] : ['--agent-arn', 'ARN'])];
    const next = hint`deploy it: ${deploy}, or remove the empty stack: ${['agentstream', 'destroy']}`;
    return keyValueLines([...head, ['Deployed', 'nothing is deployed yet'], ...agent], '', output) + hintLine(next);
  }
  const changedAt = stack.updatedAt ?? stack.createdAt;
  const rows: (readonly [string, string])[] = [
    ...head,
    ['URL', url ?? 'none yet'],
    ['Endpoint', endpoint(facts)],
    ['Integration', live ? integration(facts, live, style) : 'none yet'],
    ['Auth', auth(outputs['AuthMode'] ?? parameters['AuthMode'] ?? '', style) + plainText(authDetail(facts))],
    ['Agent', parameters['AgentRuntimeArn'] ?? ''],
    ['Qualifier', parameters['AgentQualifier'] ?? ''],
    ['Throttle', throttle(facts)],
    ...(outputs['ApiKeyId'] ? [['Quota', quota(facts)] as const] : []),
    ...optionLines(facts, style, target),
    ['Heartbeat', heartbeat(facts, style)],
    ['Flush mode', flushMode(parameters['FlushMode'])],
    ['Function', `${outputs['FunctionName'] ?? 'none yet'}${own ? `, with your own handler ${own}` : ''}`],
    ...(live ? [['', functionSettings(live, style)] as const] : []),
    ['Logs', logs(outputs['LogGroupName'], parameters['LogRetentionDays'], live)],
    ['Changed', changedAt ? `${changedAt.toISOString()} (${ago(nowMs - changedAt.getTime())})` : ''],
    ...(live ? [['Drift', drift(facts, style)] as const] : []),
  ];
  const problems = facts.problems.map((text) => `${style.red('wrong')}: ${text}\n`).join('');
  return keyValueLines(rows, '', output) + (problems === '' ? '' : fitText(problems, output) + hintLine(INTEGRATION_HINT));
}

/** A stack without resources: a change set that was not executed, a create that was rolled back. Nothing of its settings is in effect. */
const HOLLOW: ReadonlySet<string> = new Set([SHELL_STATUS, 'ROLLBACK_COMPLETE', 'DELETE_COMPLETE']);

function paintStatus(status: string, style: Style): (text: string) => string {
  if (/ROLLBACK|FAILED/.test(status)) return style.red;
  return status.endsWith('_IN_PROGRESS') ? style.yellow : style.green;
}

function endpoint({ endpointType, idleLimitMs, streamLimitMs, timeScale }: StackStatus): string {
  if (endpointType === undefined || idleLimitMs === undefined) return endpointType ?? 'none yet';
  const scaled = timeScale === 1 ? '' : ` (limits divided by ${timeScale} here)`;
  return `${endpointType}: a stream may be silent for ${formatSpan(idleLimitMs)} and last ${formatSpan(streamLimitMs)}${scaled}`;
}

function integration({ problems }: StackStatus, { integrations }: LiveSettings, style: Style): string {
  if (integrations.type === 'unknown') return unknown(integrations);
  if (problems.length > 0) return style.red(`does not stream correctly, see below`);
  const shortest = Math.min(...integrations.value.map(({ timeoutMs = 0 }) => timeoutMs));
  return `STREAM, up to ${formatSpan(shortest)}; read back from ${integrations.value.map(({ method }) => method).join(', ')}`;
}

function auth(mode: string, style: Style): string {
  return mode === 'none' ? style.yellow('none: anyone who knows the URL can call the agent') : mode;
}

function throttle({ stack: { parameters }, live }: StackStatus): string {
  const stage = known(live?.stage)?.throttle;
  const rate = stage?.rateLimit ?? parameters['RateLimit'] ?? '';
  return `${rate}/s, burst ${stage?.burstLimit ?? parameters['BurstLimit'] ?? ''}`;
}

function quota({ stack: { parameters }, live }: StackStatus): string {
  const found = known(live?.plan)?.quota;
  return `${found?.limit ?? parameters['QuotaPerDay'] ?? ''} per ${found?.period ?? 'day'}`;
}

function heartbeat({ stack: { parameters }, idleLimitMs }: StackStatus, style: Style): string {
  const ms = Number(parameters['HeartbeatMs'] ?? 0);
  if (ms === 0) return style.yellow('off: a silence of the agent can exceed the idle limit');
  const text = `after ${formatSpan(ms)} of silence`;
  return idleLimitMs !== undefined && ms >= idleLimitMs
    ? style.yellow(`${text}: too late, the idle limit is ${formatSpan(idleLimitMs)}`)
    : text;
}

function flushMode(mode: string | undefined): string {
  if (mode === undefined) return 'none: an older version deployed the stack';
  if (mode === 'auto') return 'auto: a comment follows when the agent pauses';
  if (mode === 'pause') return 'pause: the same, and the head leaves 25 ms before the payload';
  return mode === 'off' ? 'off' : `every write padded to ${mode} bytes`;
}

function functionSettings({ function: found }: LiveSettings, style: Style): string {
  if (found.type === 'unknown') return unknown(found);
  const { runtime, architecture, memoryMb, timeoutMs, codeBytes, state, stateReason } = found.value;
  const text = `${runtime} ${architecture}, ${memoryMb} MB, up to ${formatSpan(timeoutMs)}, code ${formatBytes(codeBytes)}`;
  if (state === undefined || state === 'Active') return text;
  return `${text}, ${style.red(plainText(`${state}${stateReason ? `: ${stateReason}` : ''}`))}`;
}

function logs(group: string | undefined, days: string | undefined, live: LiveSettings | undefined): string {
  if (group === undefined) return 'none yet';
  const access = known(live?.stage)?.hasAccessLog ? '; the stage writes an access log' : '';
  const kept = days === undefined ? '' : `, kept ${plural(Number(days), 'day')}`;
  return `${group}${kept}${access}`;
}

function drift({ drift: found }: StackStatus, style: Style): string {
  if (found.length === 0) return 'none found';
  const words = found.map(({ what, stack, live }) => `${what} is ${live}, the stack says ${stack}`);
  return style.yellow(plainText(`changed outside the stack: ${words.join('; ')}`));
}

function unknown({ reason }: Reading<unknown> & { readonly type: 'unknown' }): string {
  return `unknown: ${plainText(reason)}`;
}

const DAY_MS = 86_400_000;

function ago(ms: number): string {
  if (ms < 60_000) return 'just now';
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / 3_600_000)} h ago`;
  return `${Math.floor(ms / DAY_MS)} days ago`;
}
