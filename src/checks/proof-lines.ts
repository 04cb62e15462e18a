import type { VerdictName } from '../bench/run/turn-kinds.ts';
import type { Proof, ProofEvent, ProofProbe } from './proof.ts';
import { commandLine, type Target } from '../cli/command-line.ts';
import { formatMs, plural } from '../ui/format.ts';
import type { Style } from '../ui/style.ts';
import { alignRows } from '../ui/table.ts';

const DOCTOR = ['agentstream', 'doctor'];
export const COMPARE_HOPS = ['agentstream', 'bench', '--probe', '--hop', 'api,lambda'];

/** The line printed while an endpoint is proved, or nothing when the result says it anyway. */
export function proofEventLine(event: ProofEvent): string | undefined {
  if (event.type === 'proof-probe') return undefined;
  if (event.type === 'proof-trial') {
    const { flushMode, streaming, probes } = event;
    return `flush mode ${flushMode}: ${streaming} of ${probes} probes stream`;
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
  if (proof.type === 'no-probe') {
    return ['the endpoint serves; its function has no probe, so streaming was not measured'];
  }
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
    ...alignRows([HEADER, ...probes.map(row)], { indent: '  ' }).map((line, index) => (index === 0 ? style.dim(line) : line)),
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
  if (verdict === undefined) return style.red('no probe could be judged');
  return `${style.red(`it does not stream as it should: ${verdict}`)} (${of})`;
}

const MEANING: Readonly<Record<Exclude<VerdictName, 'streaming'>, string>> = {
  buffered: 'the whole answer comes at once',
  coalesced: 'several events come together although they were sent apart',
  'late first flush': 'a write waits for the next one',
};

function advice({ verdict, trials, cure }: Proved, style: Style, target: Target): string[] {
  if (verdict === undefined || verdict === 'streaming') return [];
  const meaning = `${MEANING[verdict]}.`;
  if (cure !== undefined) {
    return [
      `${meaning} The flush mode ${cure} cures it here. Nothing has been set; to set it:`,
      `  ${style.bold(commandLine(['agentstream', 'deploy', '--flush-mode', String(cure)], target))}`,
    ];
  }
  const tried = trials.map(({ flushMode }) => flushMode).join(', ');
  const where =
    verdict === 'buffered'
      ? `check the integration (${commandLine(DOCTOR, target)}) and any proxy in between`
      : `look for a proxy in between, and compare with ${commandLine(COMPARE_HOPS, target)}`;
  return [`${meaning} No flush mode cures it (tried ${tried}): ${where}`];
}
