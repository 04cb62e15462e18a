import { DIFFERENCE_CONFIDENCE } from '../figures/hop-differences.ts';
import type { Block, Sentence } from './document.ts';
import type { VerdictName } from '../run/turn-kinds.ts';
import { formatMs, plural } from '../../ui/format.ts';
import { sumOf } from '../../stream/distribution.ts';
import type { HopDifference, Summary, VerdictCount } from '../figures/report.ts';

const METRICS: Readonly<Record<HopDifference['metric'], string>> = {
  ttfb: 'the first byte',
  ttft: 'the first text',
  maxGap: 'the longest silence',
};

/** The latency that each hop adds to the one below it. */
export function differenceBlocks({ differences }: Summary): Block[] {
  if (differences.length === 0) return [];
  const intervals = differences.map((difference) => {
    const { upper, medianMs, lowMs, highMs } = difference;
    const place = medianMs === undefined ? undefined : { lowMs, medianMs, highMs };
    return { text: differenceWords(difference), hop: upper, ...(place && { place }) };
  });
  const note = `Median of the paired differences between turns of one round, with its ${DIFFERENCE_CONFIDENCE} % bootstrap interval.`;
  return [
    { type: 'intervals', intervals },
    { type: 'sentences', sentences: [{ text: note, tone: 'note' }] },
  ];
}

/** `API Gateway adds 18 ms [14 ms, 22 ms] to the first byte (n 120 pairs).` */
function differenceWords({ what, metric, n, medianMs, lowMs, highMs }: HopDifference): string {
  const target = METRICS[metric];
  const count = `n ${plural(n, 'pair')}`;
  const ending = what.includes(' and ') ? '' : 's';
  if (medianMs === undefined) return `Too few pairs to say what ${what} add${ending} to ${target} (${count}).`;
  const interval = `[${signedMs(lowMs)}, ${signedMs(highMs)}]`;
  if (lowMs <= 0 && highMs >= 0)
    return `${what} add${ending} nothing measurable to ${target}: ${signedMs(medianMs)} ${interval} (${count}).`;
  return medianMs < 0
    ? `${what} take${ending} ${formatMs(-medianMs)} off ${target}: ${signedMs(medianMs)} ${interval} (${count}).`
    : `${what} add${ending} ${formatMs(medianMs)} ${interval} to ${target} (${count}).`;
}

function signedMs(ms: number): string {
  if (Math.abs(ms) < 0.05) return '0 ms';
  return ms < 0 ? `-${formatMs(-ms)}` : formatMs(ms);
}

/** The verdicts on the probes of each hop: `streaming 19 of 20, buffered 1 of 20`; sentences on the worst case and what to do. */
export function hopVerdicts({ verdicts }: Summary) {
  return [...new Set(verdicts.map(({ hop }) => hop))].map((hop) => {
    const own = verdicts.filter((verdict) => verdict.hop === hop);
    const all = sumOf(own, ({ count }) => count);
    const bad = own.filter(({ name }) => name !== 'streaming');
    return {
      hop,
      text: own.map(({ name, count }) => `${name} ${count} of ${all}`).join(', '),
      isGood: bad.length === 0,
      advice: bad.flatMap((verdict) => [
        ...worstWords(verdict),
        verdict.count < all ? INTERMITTENT[verdict.name] : ALWAYS[verdict.name],
      ]),
    };
  });
}

/** How the probes came through, and what to do where they did not stream. */
export function probeBlock(summary: Summary): Block {
  const sentences = hopVerdicts(summary).flatMap(({ hop, text, isGood, advice }): Sentence[] => [
    { text: `${hop}: ${text}.`, tone: isGood ? 'good' : 'bad' },
    ...advice.map((each) => ({ text: each })),
  ]);
  return { type: 'sentences', sentences };
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
    'The whole answer came at once: check that the integration has ResponseTransferMode STREAM and that no proxy in between buffers it; ' +
    'Lambda may collect bytes until some 100 kB have come: `agentstream doctor` tries each flush mode.',
  coalesced:
    'Something between client and agent merges writes: compare with the hop below, and with the lateness of this client.',
  'late first flush':
    'Each write waits for the next one: `agentstream doctor` tries each flush mode, and names the one that cures.',
};

/** The fault of Lambda's Node.js runtime that comes and goes: aws-lambda-nodejs-runtime-interface-client, issues 94 and 102. */
const LAMBDA_FAULT =
  "Intermittent: reported of Lambda's Node.js runtime, when head and first bytes leave together. `agentstream doctor` tries each flush mode.";

const INTERMITTENT: Readonly<Record<VerdictName, string>> = {
  streaming: '',
  buffered: LAMBDA_FAULT,
  coalesced: 'Intermittent: compare with the hop below, and with the lateness of this client.',
  'late first flush': LAMBDA_FAULT,
};
