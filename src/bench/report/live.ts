import { isFailure, isStream, turnTime } from '../figures/turn-groups.ts';
import type { HopFacts } from '../figures/report-schema.ts';
import type { LoadProgress } from '../run/run-load.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import { distributionOf } from '../../stream/distribution.ts';
import type { Hop } from '../../stream/stream-part.ts';
import { formatElapsed, formatMs, formatSpan, plural, sparkline } from '../../ui/format.ts';
import { createLiveBlock } from '../../ui/live-block.ts';
import type { Output, Style } from '../../ui/terminal.ts';

/** Between two lines where nothing can be redrawn, ms. */
const LINE_EVERY_MS = 10_000;
const REDRAW_EVERY_MS = 125;
const SLICES = 30;
const SLICE_MS = 1_000;
/** The current percentiles are those of so many turns: all of them would be sorted anew eight times a second. */
const LATEST = 200;
const BAR_WIDTH = 20;

const PHASES: Readonly<Record<LoadProgress['phase'], string>> = { warmup: 'warm-up', measured: 'measuring', draining: 'ending' };

/** On a terminal two redrawn lines, else a line now and then. It has no clock: the progress that it is told says the time. */
export function createBenchLive(
  output: Output,
  style: Style,
  { graceMs, hops }: { readonly graceMs: number; readonly hops: readonly HopFacts[] },
  lineEveryMs = LINE_EVERY_MS,
) {
  const figures = createFigures(hops);
  const counts = { ok: 0, failed: 0 };
  const block = output.canRedraw ? createLiveBlock(output) : undefined;
  const everyMs = block ? REDRAW_EVERY_MS : lineEveryMs;
  let phase: LoadProgress['phase'] | undefined;
  let phaseSinceMs = 0;
  let shownAtMs = -Infinity;

  const draw = (progress: LoadProgress): void => {
    const results = `${counts.failed.toLocaleString('en-US')} failed, ${counts.ok.toLocaleString('en-US')} ok`;
    const state = stateWords(progress, progress.elapsedMs - phaseSinceMs, graceMs);
    if (block) {
      block.show([
        { text: `${results} · ${bar(progress)}${state}`, paint: counts.failed > 0 ? style.yellow : style.cyan },
        { text: [figures.words(), figures.line()].filter(Boolean).join('  '), paint: style.dim },
      ]);
    } else {
      const parts = [results, state, figures.words()].filter(Boolean);
      output.write(`${parts.join(' · ')}\n`);
    }
  };

  return {
    turn(record: TurnRecord): void {
      const isMeasured = record.phase === 'measured';
      if (isMeasured && record.outcome === 'ok') counts.ok += 1;
      if (isMeasured && isFailure(record.outcome)) counts.failed += 1;
      figures.add(record, isMeasured);
    },
    progress(progress: LoadProgress): void {
      const { elapsedMs } = progress;
      figures.tick(elapsedMs);
      const isNewPhase = progress.phase !== phase;
      if (isNewPhase) {
        phase = progress.phase;
        phaseSinceMs = elapsedMs;
      }
      if (!isNewPhase && elapsedMs - shownAtMs < everyMs) return;
      shownAtMs = elapsedMs;
      draw(progress);
    },
    /** Takes the redrawn lines away, before anything else is printed. */
    stop: () => block?.hide(),
  };
}

function stateWords({ phase, done, inFlight, level, elapsedMs }: LoadProgress, inPhaseMs: number, graceMs: number): string {
  if (phase === 'draining') {
    if (inFlight === 0) return 'stopping the sessions';
    const leftMs = Math.ceil(Math.max(0, graceMs - inPhaseMs) / 1_000) * 1_000;
    return `waiting for ${plural(inFlight, 'stream')}, ${formatSpan(leftMs)} at most · Ctrl-C ends now, with the report so far`;
  }
  // A guess from too short a time jumps about.
  const isKnown = phase === 'measured' && done > 0 && inPhaseMs >= 1_000;
  const left = isKnown ? `, ${formatElapsed((inPhaseMs / done) * (1 - done))} left` : '';
  return [
    `${PHASES[phase]} ${Math.floor(done * 100)} %`,
    `${formatElapsed(elapsedMs)}${left}`,
    `${inFlight.toLocaleString('en-US')} in flight (level ${Number(level.toFixed(1))})`,
  ].join(' · ');
}

function bar({ phase, done }: LoadProgress): string {
  if (phase === 'draining') return '';
  const filled = Math.min(BAR_WIDTH, Math.round(done * BAR_WIDTH));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} `;
}

/** The figures so far: first bytes of the latest turns of each hop, the longest silence, first bytes over time. */
function createFigures(hops: readonly HopFacts[]) {
  const latest = new Map<Hop, number[]>();
  const silence = { ms: 0, share: -1, words: '' };
  let slices: (number | undefined)[] = [];
  let slice: number[] = [];
  let sliceIndex = 0;

  const addSilence = ({ hop, metrics: { maxGapMs } }: TurnRecord): void => {
    const limitMs = hops.find((facts) => facts.hop === hop)?.idleLimitMs;
    const share = limitMs === undefined ? 0 : maxGapMs / limitMs;
    if (share < silence.share || (share === silence.share && maxGapMs <= silence.ms)) return;
    const limit = limitMs === undefined ? '' : ` of ${formatSpan(limitMs)}`;
    Object.assign(silence, { ms: maxGapMs, share, words: `longest silence ${formatMs(maxGapMs)}${limit}` });
  };

  return {
    add(record: TurnRecord, isMeasured: boolean): void {
      if (isMeasured && isStream(record)) addSilence(record);
      const ms = record.outcome === 'ok' ? turnTime(record, 'ttfb') : undefined;
      if (ms === undefined) return;
      const values = latest.get(record.hop) ?? [];
      values.push(ms);
      if (values.length > LATEST) values.shift();
      latest.set(record.hop, values);
      if (record.hop === latest.keys().next().value) slice.push(ms);
    },
    tick(elapsedMs: number): void {
      const index = Math.floor(elapsedMs / SLICE_MS);
      for (; sliceIndex < index; sliceIndex += 1) {
        slices = [...slices, distributionOf(slice).p50].slice(-SLICES);
        slice = [];
      }
    },
    /** `ttfb p50 312 ms, p95 400 ms · longest silence 873 ms of 300 s`. */
    words(): string {
      const times = [...latest].map(([hop, values]) => {
        const { p50 = 0, p95 } = distributionOf(values);
        const name = latest.size > 1 ? `${hop} ` : '';
        return `${name}p50 ${formatMs(p50)}${p95 === undefined ? '' : ` p95 ${formatMs(p95)}`}`;
      });
      return [times.length === 0 ? '' : `ttfb ${times.join(', ')}`, silence.words].filter(Boolean).join(' · ');
    },
    line(): string {
      const [first] = latest.keys();
      const row = sparkline(slices);
      if (row.trim() === '') return '';
      return latest.size > 1 ? `${row} (${first})` : row;
    },
  };
}
