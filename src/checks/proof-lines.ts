import type { VerdictName } from '../bench/run/turn-kinds.ts';
import type { Holding, Proof, ProofEvent } from './proof.ts';
import type { ProofProbe } from './send-probe.ts';
import { API_THROTTLE_BYTES, LAMBDA_THROTTLE_BYTES, THROTTLED_BYTES_PER_SECOND } from '../aws/limits.ts';
import { type FlushMode, HEAD_PAUSE_MS, NUDGE } from '../protocol.ts';
import { commandLine, type Target } from '../cli/command-line.ts';
import { formatMs, plural } from '../ui/format.ts';
import type { Style } from '../ui/terminal.ts';
import { alignRows } from '../ui/table.ts';

const DOCTOR = ['agentstream', 'doctor'];
export const COMPARE_HOPS = ['agentstream', 'bench', '--probe', '--hop', 'api,lambda'];

/** The line printed while an endpoint is proved, or nothing when the result says it anyway. */
export function proofEventLine(event: ProofEvent): string | undefined {
  if (event.type === 'proof-probe') return undefined;
  if (event.type === 'proof-trial') {
    const { flushMode, streaming, probes, heartbeatLeaves } = event;
    const silent = heartbeatLeaves === false ? ', but heartbeats do not leave' : '';
    return `flush mode ${flushMode}: ${streaming} of ${plural(probes, 'probe')} stream${silent}`;
  }
  if (event.retryInMs === undefined) return undefined;
  const answer = event.status === undefined ? event.failure?.message : `answers ${event.status}`;
  return `the endpoint does not serve yet (${answer}); asking again in ${formatMs(event.retryInMs)}`;
}

/**
 * A proof for people: the probes as a table, what they say together, and what to do about it.
 * @param target what leads to the stack, for commands that are printed
 */
export function proofLines(proof: Proof, style: Style, target: Target): string[] {
  if (proof.type === 'no-probe') return ['the endpoint serves; its function has no probe, so streaming was not measured'];
  if (proof.type === 'not-serving') {
    const { last, waitedMs, attempts } = proof;
    return [
      style.red(`the endpoint does not serve: ${last.failure?.message ?? 'no answer'}`),
      `asked ${attempts === 1 ? 'once' : `${attempts} times in ${formatMs(waitedMs)}`}; what may be wrong: ${commandLine(DOCTOR, target)}`,
    ];
  }
  const { probes, initMs, attempts, waitedMs } = proof;
  return [
    ...(attempts > 1 ? [`it serves after ${formatMs(waitedMs)} and ${attempts} questions`] : []),
    ...alignRows([HEADER, ...probes.map(row)]).map((line, index) => (index === 0 ? style.dim(line) : line).trimEnd()),
    verdictLine(proof, style, target),
    ...(initMs === undefined ? [] : [`the function starts in ${formatMs(initMs)} (cold start)`]),
    ...advice(proof, style, target),
  ];
}

const HEADER = ['probe', 'status', 'headers', 'first byte', 'gap', 'longest gap', 'verdict'];

function row(probe: ProofProbe): string[] {
  const time = (ms: number | undefined): string => (ms === undefined ? '-' : formatMs(ms));
  return [
    String(probe.number),
    String(probe.status ?? '-'),
    time(probe.headersMs),
    time(probe.ttfbMs),
    time(probe.gapMs),
    time(probe.maxGapMs),
    probe.failure?.code ?? probe.verdict?.name ?? '-',
  ];
}

type Proved = Proof & { readonly type: 'proved' };

function verdictLine({ verdict, probes }: Proved, style: Style, target: Target): string {
  const count = probes.filter((probe) => probe.verdict?.name === verdict).length;
  const of = `${count} of ${plural(probes.length, 'probe')}`;
  if (verdict === 'streaming') {
    const all = count === probes.length;
    return `${(all ? style.green : style.yellow)('it streams')}: ${of}${all ? '' : `; if that stays so: ${commandLine(['agentstream', 'bench', '--probe'], target)}`}`;
  }
  if (verdict === undefined) return `${style.red('no probe could be judged')}; what may be wrong: ${commandLine(DOCTOR, target)}`;
  return `${style.red(`it does not stream as it should: ${verdict}`)} (${of})`;
}

const MEANING: Readonly<Record<Exclude<VerdictName, 'streaming'>, string>> = {
  buffered: 'the whole answer comes at once',
  coalesced: 'several events come together although they were sent apart',
  'late first flush': 'a write waits for the next one',
};

const HOLDING: Readonly<Record<Holding, string>> = {
  'one-write-behind': 'Lambda holds each write until the next one',
  'until-filled': 'Lambda holds what is written until many bytes have come',
  'joined-head': 'Lambda keeps responses whole whose first bytes leave together with the head',
  whole: 'Lambda, or a proxy, keeps responses whole',
};

/** 200 MB, the longest streamed response (Lambda quotas). */
const LAMBDA_MAX_BYTES = 200_000_000;

/** The price of a flush mode, for people. */
export function priceOf(mode: FlushMode): string {
  if (mode === 'off') return 'at no price';
  const nudge = `${NUDGE.length} bytes at each pause`;
  if (mode === 'auto') return `for ${nudge}`;
  if (mode === 'pause') return `for ${HEAD_PAUSE_MS} ms before the first byte, and ${nudge}`;
  const writes = (bytes: number): string => Math.floor(bytes / mode).toLocaleString('en');
  return (
    `for ${mode} bytes a write or heartbeat: after ${writes(LAMBDA_THROTTLE_BYTES)} writes Lambda sends ` +
    `${writes(THROTTLED_BYTES_PER_SECOND)} a second (2 MB/s), after ${writes(LAMBDA_MAX_BYTES)} the response ends (200 MB), ` +
    `and every ${writes(API_THROTTLE_BYTES)} count as one request of API Gateway`
  );
}

function advice({ verdict, heartbeatLeaves, holding, trials, cure }: Proved, style: Style, target: Target): string[] {
  const isSilent = heartbeatLeaves === false;
  if (verdict === undefined || (verdict === 'streaming' && !isSilent)) return [];
  const meaning =
    verdict === 'streaming' ? 'Heartbeats do not leave, so that an idle limit may cut a silent agent.' : `${MEANING[verdict]}.`;
  const kind = holding === undefined ? [] : [`${HOLDING[holding]}.`];
  if (cure !== undefined) {
    return [
      ...kind,
      `${meaning} The flush mode ${cure} cures it here, ${priceOf(cure)}. Nothing has been set; to set it:`,
      `  ${style.bold(commandLine(['agentstream', 'deploy', '--flush-mode', String(cure)], target))}`,
    ];
  }
  const tried = trials.map(({ flushMode }) => flushMode).join(', ');
  const where =
    verdict === 'buffered'
      ? `check the integration (${commandLine(DOCTOR, target)}) and any proxy in between`
      : `look for a proxy in between, and compare with ${commandLine(COMPARE_HOPS, target)}`;
  return [...kind, `${meaning} No flush mode cures it (tried ${tried}): ${where}`];
}
