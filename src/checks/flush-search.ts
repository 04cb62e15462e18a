import type { VerdictName } from '../bench/run/turn-kinds.ts';
import { type FlushMode, MAX_FLUSH_PADDING_BYTES, type ProbeRequest } from '../protocol.ts';
import type { FlushTrial, Holding } from './proof.ts';
import { type ProbeSender, sendAtOnce } from './send-probe.ts';

/** Probes that agree when none was otherwise: a fault that meets all is seen at once. */
export const CLEAR_PROBES = 3;

/**
 * Paddings, the least first: just above the thresholds that users report (aws-lambda-nodejs-runtime-interface-client, issues 94 and
 * 102: about 16 KB, about 100 KB).
 */
const PADDINGS: readonly number[] = [16_384, 32_768, 65_536, 102_400];

export interface FlushSearch {
  readonly sender: ProbeSender;
  readonly probe: Required<ProbeRequest>;
  /** The mode that the function is set to, which need not be tried again. */
  readonly current: string | undefined;
  /** Half the probes of each mode, at most; fewer when every probe so far was held. */
  readonly tries: number;
  readonly maxAtOnce: number;
  /** Whether every probe so far was held. */
  readonly isPersistent: boolean;
  readonly testsHeartbeat: boolean;
  readonly signal: AbortSignal;
  readonly onTrial: (trial: FlushTrial) => void;
}

/**
 * Finds out which flush mode gets the function's writes past what holds them, by probes that ask for one each; the function's own
 * setting stays as it is. The cheap modes come first; then the largest padding, since without that no smaller one helps.
 * @returns all trials, and the cheapest mode with which the probes streamed and heartbeats left
 */
export async function findFlushMode(search: FlushSearch) {
  const trials: FlushTrial[] = [];
  const cures = async (flushMode: FlushMode): Promise<boolean> => {
    if (String(flushMode) === search.current) return false;
    const { cured, trial } = await tryMode(flushMode, search);
    trials.push(trial);
    search.onTrial(trial);
    return cured;
  };
  for (const mode of ['off', 'auto', 'pause'] as const) if (await cures(mode)) return { trials, cure: mode };
  if (!(await cures(MAX_FLUSH_PADDING_BYTES))) return { trials, cure: undefined };
  for (const padding of PADDINGS) if (await cures(padding)) return { trials, cure: padding };
  return { trials, cure: MAX_FLUSH_PADDING_BYTES };
}

async function tryMode(flushMode: FlushMode, search: FlushSearch): Promise<{ cured: boolean; trial: FlushTrial }> {
  const { sender, probe, signal, tries, isPersistent } = search;
  // A fault that meets 15 % of the responses leaves all of 20 probes alone once in 25 times, and several modes are tried.
  const enough = isPersistent ? Math.min(CLEAR_PROBES, tries) : 2 * tries;
  let probes = 0;
  let streaming = 0;
  let isHeld = false;
  while (streaming < enough && !isHeld) {
    const isWide = probes > streaming;
    const atOnce = isPersistent ? 1 : Math.min(search.maxAtOnce, enough - streaming);
    const sent = await sendAtOnce(sender, { ...(isWide ? widened(probe) : probe), flush: flushMode }, atOnce, signal);
    const names = sent.map(({ verdict }) => verdict?.name);
    probes += names.length;
    streaming += names.filter((name) => name === 'streaming').length;
    isHeld = names.includes(undefined) || (isWide && names.some((name) => name !== 'streaming'));
  }
  const trial = { flushMode, probes, streaming };
  if (isHeld || !search.testsHeartbeat) return { cured: !isHeld, trial };
  const heartbeatLeaves = await testHeartbeat(sender, flushMode, signal);
  return { cured: heartbeatLeaves !== false, trial: { ...trial, ...(heartbeatLeaves !== undefined && { heartbeatLeaves }) } };
}

const WIDER = 4;

/**
 * The probe that follows an odd one, with its events further apart: the jitter of a network or of this machine does not grow with their
 * spacing; what holds writes back does.
 */
export function widened(probe: Required<ProbeRequest>): Required<ProbeRequest> {
  return { ...probe, interval_ms: probe.interval_ms * WIDER };
}

const HEARTBEAT_MS = 250;
/** Room for three heartbeats. */
const SILENCE_MS = 1_000;
/** Without heartbeats the silence is as long as the sender's; with them at most two intervals of theirs. */
const SILENT_SHARE = 0.75;

/**
 * Whether heartbeats leave in a pause between two events that is longer than their interval: the client's longest silence is compared
 * with that of the sender.
 * @param flush undefined for the mode that the function is set to
 * @returns undefined when none came at all: an older function sends none in a probe, or the probe failed
 */
export async function testHeartbeat(sender: ProbeSender, flush: FlushMode | undefined, signal: AbortSignal) {
  const plan = { count: 2, interval_ms: SILENCE_MS, heartbeat_ms: HEARTBEAT_MS, ...(flush !== undefined && { flush }) };
  // A second time, for a slow moment.
  for (let tries = 0; tries < 2; tries += 1) {
    const { heartbeats, maxSilenceMs, sentSpanMs } = await sender.send(plan, signal);
    if (heartbeats === 0) return undefined;
    if (maxSilenceMs < SILENT_SHARE * sentSpanMs) return true;
  }
  return false;
}

/** The kind of holding, from how the probes came and from what helped; undefined when it is none that is known of Lambda. */
export function holdingOf(verdict: VerdictName | undefined, cure: FlushMode | undefined): Holding | undefined {
  if (typeof cure === 'number') return 'until-filled';
  if (verdict === 'late first flush' || (verdict === 'coalesced' && cure !== undefined)) return 'one-write-behind';
  if (verdict !== 'buffered') return undefined;
  return cure === undefined ? 'whole' : 'joined-head';
}
