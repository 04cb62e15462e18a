import { DIFFERENCE_CONFIDENCE } from '../figures/hop-differences.ts';
import type { GroupSummary, HopDifference, Summary, VerdictCount } from '../figures/summary.ts';
import { groupName } from './names.ts';
import { paragraph, remark, section, type Sheet } from './sheet.ts';
import type { VerdictName } from '../run/turn-kinds.ts';
import type { Hop } from '../../stream/stream-part.ts';
import { formatMs, plural } from '../../ui/format.ts';

const METRICS: Readonly<Record<HopDifference['metric'], string>> = {
  ttfb: 'the first byte',
  ttft: 'the first text',
  maxGap: 'the longest silence',
};

/** `API Gateway adds 18 ms [14 ms, 22 ms] to the first byte (n 120 pairs).` */
export function differenceWords(difference: HopDifference): string {
  const { what, metric, n, medianMs, lowMs, highMs } = difference;
  const target = METRICS[metric];
  const count = `n ${plural(n, 'pair')}`;
  const verb = what.includes(' and ') ? 'add' : 'adds';
  if (medianMs === undefined || lowMs === undefined || highMs === undefined) {
    return `Too few pairs to say what ${what} ${verb} to ${target} (${count}).`;
  }
  const interval = `[${signedMs(lowMs)}, ${signedMs(highMs)}]`;
  return lowMs <= 0 && highMs >= 0
    ? `${what} ${verb} nothing measurable to ${target}: ${signedMs(medianMs)} ${interval} (${count}).`
    : medianMs < 0
      ? `${what} ${verb === 'add' ? 'take' : 'takes'} ${formatMs(-medianMs)} off ${target}: ${signedMs(medianMs)} ${interval} (${count}).`
      : `${what} ${verb} ${formatMs(medianMs)} ${interval} to ${target} (${count}).`;
}

/** Explains the figures of a difference. */
export const DIFFERENCE_NOTE = `Median of the paired differences between turns of one round, with its ${DIFFERENCE_CONFIDENCE} % bootstrap interval.`;

/** Verdicts on the probes of a hop, in words. */
export interface ProbeWords {
  readonly hop: Hop;
  /** `streaming 19 of 20, buffered 1 of 20` */
  readonly sentence: string;
  readonly isGood: boolean;
  /** The worst case and what to do about it, a sentence each. */
  readonly advice: readonly string[];
}

/** The verdicts of each hop in words. */
export function probeWords(verdicts: readonly VerdictCount[]): readonly ProbeWords[] {
  return [...new Set(verdicts.map(({ hop }) => hop))].map((hop) => {
    const own = verdicts.filter((verdict) => verdict.hop === hop);
    const all = own.reduce((sum, { count }) => sum + count, 0);
    const bad = own.filter(({ name }) => name !== 'streaming');
    return {
      hop,
      sentence: own.map(({ name, count }) => `${name} ${count} of ${all}`).join(', '),
      isGood: bad.length === 0,
      advice: bad.flatMap((verdict) => [
        ...worstWords(verdict),
        verdict.count < all ? INTERMITTENT[verdict.name] : ALWAYS[verdict.name],
      ]),
    };
  });
}

function worstWords({ name, worst }: VerdictCount): string[] {
  switch (name) {
    case 'coalesced':
      return [`At worst ${worst.eventsPerRead.toFixed(1)} events came in one read, although they were sent apart.`];
    case 'late first flush':
      return [`At worst the first event was held back for ${formatMs(worst.firstLagMs)}.`];
    default:
      return [];
  }
}

const ALWAYS: Readonly<Record<VerdictName, string>> = {
  streaming: '',
  buffered:
    'The whole answer came at once: check that the integration has ResponseTransferMode STREAM and that no proxy in between buffers it.',
  coalesced:
    'Something between client and agent merges writes: compare with the hop below, and with the lateness of this client.',
  'late first flush':
    'The first write waits for the second: the function must write its prelude and its first data separately.',
};

/** The fault of Lambda's Node.js runtime that comes and goes: aws-lambda-nodejs-runtime-interface-client, issues 94 and 102. */
const LAMBDA_FAULT =
  "Intermittent: a known fault of Lambda's Node.js runtime, seen when a function writes its prelude and its first data close together.";

const INTERMITTENT: Readonly<Record<VerdictName, string>> = {
  streaming: '',
  buffered: LAMBDA_FAULT,
  coalesced: 'Intermittent: compare with the hop below, and with the lateness of this client.',
  'late first flush': LAMBDA_FAULT,
};

function signedMs(ms: number): string {
  return ms < 0 ? `-${formatMs(-ms)}` : formatMs(ms);
}

/** The latency that each hop adds to the one below it. */
export function differenceLines({ differences }: Summary, sheet: Sheet): string[] {
  if (differences.length === 0) return [];
  const lines = differences.flatMap((difference) => paragraph(differenceWords(difference), sheet));
  return section('What the hops add', [...lines, ...paragraph(DIFFERENCE_NOTE, sheet, sheet.style.dim)], sheet);
}

/** How the probes came through, and what to do where they did not stream. */
export function probeLines({ verdicts }: Summary, sheet: Sheet): string[] {
  const lines = probeWords(verdicts).flatMap(({ hop, sentence, isGood, advice }) => [
    ...paragraph(`${hop}: ${sentence}`, sheet, isGood ? sheet.style.green : sheet.style.red),
    ...advice.flatMap((text) => remark(text, sheet)),
  ]);
  return section('Does it stream?', lines, sheet);
}

/** Start of the function and answer of the agent, by Server-Timing. */
export function serverTimingLines({ groups }: Summary, sheet: Sheet): string[] {
  const lines = groups.flatMap((group) => {
    const text = serverTimingWords(group);
    return text === undefined ? [] : paragraph(text, sheet);
  });
  return section('Server-Timing', lines, sheet);
}

/** `api, warm: agent answered after 210 ms (median of 180)`; undefined where the function said nothing. */
function serverTimingWords(group: GroupSummary): string | undefined {
  const { init, agent } = group;
  const parts = [
    ...(init.p50 === undefined ? [] : [`environment started in ${formatMs(init.p50)} (median of ${init.n})`]),
    ...(agent.p50 === undefined ? [] : [`agent answered after ${formatMs(agent.p50)} (median of ${agent.n})`]),
  ];
  return parts.length === 0 ? undefined : `${groupName(group)}: ${parts.join(', ')}`;
}
