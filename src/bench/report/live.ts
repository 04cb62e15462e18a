import { turnTime } from '../figures/turn-groups.ts';
import type { LoadProgress } from '../run/run-load.ts';
import type { TurnRecord } from '../run/turn-record.ts';
import type { Hop } from '../../stream/stream-part.ts';
import { formatMs, formatSpan } from '../../ui/format.ts';
import { createLiveBlock } from '../../ui/live-block.ts';
import { sparkline } from '../../ui/format.ts';
import type { Style } from '../../ui/style.ts';
import type { Output } from '../../ui/terminal.ts';

/** Shows a run while it goes on. */
export interface BenchLive {
  turn(record: TurnRecord): void;
  progress(progress: LoadProgress): void;
  /** Takes the redrawn lines away, before anything else is printed. */
  stop(): void;
}

export interface BenchLiveOptions {
  readonly graceMs: number;
  /** Between two lines where nothing can be redrawn, ms. */
  readonly lineEveryMs?: number;
}

const LINE_EVERY_MS = 10_000;
/** Eight redraws a second. */
const REDRAW_EVERY_MS = 125;
const SLICES = 30;
const SLICE_MS = 1_000;
/** The current first byte is the median of so many. */
const LATEST = 20;
const BAR_WIDTH = 20;

const PHASES: Readonly<Record<LoadProgress['phase'], string>> = {
  warmup: 'warm-up',
  measured: 'measuring',
  draining: 'ending',
};

/**
 * On a terminal two lines that are redrawn; else a line now and then, and one for each phase. It has no clock of its own: the
 * progress that it is told says what time it is.
 */
export function createBenchLive(
  output: Output,
  style: Style,
  { graceMs, lineEveryMs = LINE_EVERY_MS }: BenchLiveOptions,
): BenchLive {
  const pulse = createPulse();
  const counts = { ok: 0, failed: 0 };
  const block = output.canRedraw ? createLiveBlock(output) : undefined;
  const everyMs = block ? REDRAW_EVERY_MS : lineEveryMs;
  let phase: LoadProgress['phase'] | undefined;
  let phaseSinceMs = 0;
  let shownAtMs = -Infinity;

  const draw = (progress: LoadProgress): void => {
    const state = stateLine(progress, counts, graceMs - (progress.elapsedMs - phaseSinceMs));
    if (block) {
      block.show([
        { text: `${bar(progress)}${state}`, paint: counts.failed > 0 ? style.yellow : style.cyan },
        { text: pulse.line(), paint: style.dim },
      ]);
    } else {
      output.write(`${Math.round(progress.elapsedMs / 1_000)} s: ${state}${prefixed(' · ', pulse.now())}\n`);
    }
  };

  return {
    turn(record) {
      const isMeasured = record.phase === 'measured';
      if (record.outcome === 'ok') {
        if (isMeasured) counts.ok += 1;
        pulse.add(record);
      } else if (isMeasured && record.outcome !== 'unfinished' && record.outcome !== 'cancelled') {
        counts.failed += 1;
      }
    },
    progress(progress) {
      const { elapsedMs } = progress;
      pulse.tick(elapsedMs);
      const isNewPhase = progress.phase !== phase;
      if (isNewPhase) {
        phase = progress.phase;
        phaseSinceMs = elapsedMs;
      }
      if (!isNewPhase && elapsedMs - shownAtMs < everyMs) return;
      shownAtMs = elapsedMs;
      draw(progress);
    },
    stop: () => block?.hide(),
  };
}

function stateLine(
  { phase, done, inFlight, level }: LoadProgress,
  { ok, failed }: { readonly ok: number; readonly failed: number },
  leftMs: number,
): string {
  const results = `${ok.toLocaleString('en-US')} ok, ${failed.toLocaleString('en-US')} failed`;
  if (phase === 'draining') {
    if (inFlight === 0) return `stopping the sessions · ${results}`;
    const streams = `${inFlight.toLocaleString('en-US')} stream${inFlight === 1 ? '' : 's'}`;
    return `waiting for ${streams}, ${formatSpan(Math.ceil(Math.max(0, leftMs) / 1_000) * 1_000)} at most · ${results} · Ctrl-C ends now, with the report so far`;
  }
  return [
    `${PHASES[phase]} ${Math.floor(done * 100)} %`,
    `${inFlight.toLocaleString('en-US')} in flight (level ${Number(level.toFixed(1))})`,
    results,
  ].join(' · ');
}

function bar({ phase, done }: LoadProgress): string {
  if (phase === 'draining') return '';
  const filled = Math.min(BAR_WIDTH, Math.round(done * BAR_WIDTH));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} `;
}

function prefixed(prefix: string, text: string): string {
  return text === '' ? '' : prefix + text;
}

/** First bytes as they come: the latest of each hop, and a slice of time after the other of the first hop. */
function createPulse() {
  const latest = new Map<Hop, number[]>();
  let slices: (number | undefined)[] = [];
  let slice: number[] = [];
  let sliceIndex = 0;
  const now = (): string => {
    const parts = [...latest].map(
      ([hop, values]) => `${latest.size > 1 ? `${hop} ` : ''}${formatMs(medianOf(values) ?? 0)}`,
    );
    return parts.length === 0 ? '' : `ttfb ${parts.join(', ')}`;
  };
  return {
    add(record: TurnRecord): void {
      const ms = turnTime(record, 'ttfb');
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
        slices = [...slices, medianOf(slice)].slice(-SLICES);
        slice = [];
      }
    },
    now,
    line(): string {
      const [first] = latest.keys();
      const row = sparkline(slices);
      const of = latest.size > 1 && row.trim() !== '' ? `(${first})` : '';
      return [now(), row, of].filter(Boolean).join('  ');
    },
  };
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
