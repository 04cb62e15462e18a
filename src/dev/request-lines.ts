import { formatMs, plural } from '../ui/format.ts';
import type { EmulatorEvent } from '../emulator/index.ts';
import { plainText, printable } from '../ui/sanitize.ts';
import type { Output, Style } from '../ui/terminal.ts';
import { fitBehind, fitText, keepTogether } from '../ui/wrap-text.ts';

/** An event of the emulator, with the members that are shown. */
type Shown<Type extends EmulatorEvent['type'], Member extends keyof Event<Type> = 'type'> = Pick<Event<Type>, 'type' | Member>;
type Event<Type> = Extract<EmulatorEvent, { readonly type: Type }>;

type ApiCall = Shown<'api-call', 'service' | 'action' | 'status' | 'errorCode' | 'caller' | 'durationMs' | 'sessionId'>;
type EndpointRequest = Shown<
  'endpoint-request',
  'method' | 'path' | 'status' | 'ttfbMs' | 'longestGapMs' | 'events' | 'sessionId' | 'reason' | 'end'
>;

/** An event that `dev` shows: of the emulator, or of the agent behind it. */
export type DevEvent =
  | Shown<'authorization'>
  | Shown<'resource-call'>
  | Shown<'session-start'>
  | Shown<'fault', 'fault' | 'place'>
  | Shown<'function-log', 'line'>
  | ApiCall
  | EndpointRequest
  /** The agent behind AgentCore has failed, in the words of the part that saw it; without a session the failure concerns more than one turn. */
  | { readonly type: 'agent-failure'; readonly reason: string; readonly sessionId?: string }
  | { readonly type: 'agent-note'; readonly text: string };

/** Quiet after which folded requests are printed, ms. */
const FOLDED_FOR_MS = 5_000;
/** The function's own line about a turn that failed: the line of the request says it. An unforeseen failure has a stack. */
const FAILED_TURN = /^\{"level":"error","requestId":(?!.*"stack":)/;
const MAX_REASON = 160;
const MAX_REMEMBERED = 1_000;
/** Calls of a client that skips API Gateway; those of the function have the session of a role as caller. */
const OTHER_HOPS: Readonly<Record<string, readonly [pattern: RegExp, name: string]>> = {
  lambda: [/^POST \/2021-11-15\/functions\//, 'lambda InvokeWithResponseStream'],
  'bedrock-agentcore': [/^POST \/runtimes\/.*\/invocations/, 'agentcore InvokeAgentRuntime'],
};

/**
 * One line a turn, and what goes with it.
 * @param options.isHeldBack whether another program writes on the terminal: then nothing is printed but a summary at the end
 * @param options.clock the time of day as it is printed
 */
export function createRequestLines(
  output: Output,
  style: Style,
  {
    isHeldBack,
    clock = () => new Date().toTimeString().slice(0, 8),
  }: { readonly isHeldBack: () => boolean; readonly clock?: () => string },
) {
  const agentFailures = new Map<string, string>();
  const folded = new Map<string, number>();
  const counts = { ok: 0, failed: 0 };
  let lastFailure = '';
  let timer: NodeJS.Timeout | undefined;

  const write = (text: string, paint: (text: string) => string = String): void => {
    if (!isHeldBack()) output.write(`${paint(fitBehind(`${clock()} `, text, output))}\n`);
  };
  const unfold = (): void => {
    clearTimeout(timer);
    if (folded.size === 0) return;
    const parts = [...folded].map(([what, count]) => plural(count, what));
    folded.clear();
    write(parts.join(', '), style.dim);
  };
  const fold = (what: string): void => {
    folded.set(what, (folded.get(what) ?? 0) + 1);
    clearTimeout(timer);
    timer = setTimeout(unfold, FOLDED_FOR_MS).unref();
  };
  const line: typeof write = (...text) => {
    unfold();
    write(...text);
  };
  const turn = (head: string, parts: readonly string[]): void => line(`${head}  ${parts.map(keepTogether).join(' · ')}`);

  const remember = ({ sessionId = '', reason }: { readonly sessionId?: string; readonly reason: string }): void => {
    // A turn whose client has gone asks for its reason no more.
    if (agentFailures.size >= MAX_REMEMBERED) agentFailures.clear();
    agentFailures.set(sessionId, reason);
  };
  const count = (isOk: boolean, failure: string): void => {
    counts[isOk ? 'ok' : 'failed'] += 1;
    if (!isOk) lastFailure = failure;
  };
  const request = (event: EndpointRequest): void => {
    const { method, path, status, ttfbMs, longestGapMs, events, sessionId, end } = event;
    const reason = agentReason(event) ?? event.reason ?? (end === 'cut' ? 'the stream was cut' : undefined);
    const isOk = status < 400 && reason === undefined && end === 'complete';
    if (isOk && path === '/probe') return fold('probe');
    if (isOk && method === 'DELETE') return fold('stopped session');
    const why = reason ?? (end === 'complete' ? undefined : 'the client closed the connection');
    const failure = why === undefined ? String(status) : `${status} ${oneLine(why)}`;
    count(isOk, failure);
    const head = `${method} ${printable(path)} ${isOk ? style.green(failure) : style.red(failure)}`;
    turn(head, [
      ttfbMs === undefined ? 'no body' : `ttfb ${formatMs(ttfbMs)}`,
      `longest silence ${formatMs(longestGapMs)}`,
      ...(events === undefined ? [] : [plural(events, 'event')]),
      ...(sessionId === undefined ? [] : [`session ${sessionId.slice(0, 8)}`]),
    ]);
  };
  /** The endpoint keeps the agent's own words from its callers; here the caller is its author. */
  const agentReason = ({ sessionId = '', status, reason }: EndpointRequest): string | undefined => {
    const known = agentFailures.get(sessionId);
    agentFailures.delete(sessionId);
    if (status >= 400) return known;
    return known !== undefined && reason !== undefined ? `${reason} (${known})` : reason;
  };

  const otherHop = ({ service, action, status, errorCode, caller = '', durationMs, sessionId }: ApiCall): void => {
    const [pattern, name] = OTHER_HOPS[service] ?? [];
    if (pattern?.test(action) !== true || caller.includes(':assumed-role/')) return;
    const isOk = status < 400 && errorCode === undefined;
    const known = agentFailures.get(sessionId ?? '');
    if (sessionId !== undefined) agentFailures.delete(sessionId);
    const failure = [status, known ?? errorCode].filter((part) => part !== undefined).join(' ');
    count(isOk, failure);
    turn(`${name} ${isOk ? style.green(failure) : style.red(oneLine(failure))}`, [
      `${formatMs(durationMs)} in all`,
      ...(sessionId === undefined ? [] : [`session ${sessionId.slice(0, 8)}`]),
    ]);
  };

  return {
    event(event: DevEvent): void {
      if (event.type === 'fault') line(`fault: ${event.fault} (${event.place})`, style.yellow);
      else if (event.type === 'function-log') {
        if (!FAILED_TURN.test(event.line)) line(`function: ${plainText(event.line)}`, style.dim);
      } else if (event.type === 'agent-note') line(oneLine(event.text), style.yellow);
      else if (event.type === 'agent-failure') remember(event);
      else if (event.type === 'endpoint-request') request(event);
      else if (event.type === 'api-call') otherHop(event);
    },
    /** Prints what is folded, and the summary of what was kept back. */
    finish(): void {
      unfold();
      const { ok, failed } = counts;
      if (!isHeldBack() || ok + failed === 0) return;
      const last = failed === 0 ? '' : `, ${failed} failed${failed === 1 ? '' : ', the last'}: ${lastFailure}`;
      output.write(fitText(`${style.dim(`dev: ${plural(ok + failed, 'request')}${last} · --verbose shows each`)}\n`, output));
    },
  };
}

function oneLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').slice(0, MAX_REASON);
}
