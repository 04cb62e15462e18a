import type { BenchPlan } from './plan.ts';

/** A part of a run in which the level goes in a straight line. */
export interface LevelSegment {
  readonly startMs: number;
  /** Infinity: until the turns are sent. */
  readonly endMs: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The level over the run: the warm-up at the first level that is not 0, then the stages, or the start level without end where there
 * are none.
 */
export function levelSegments({
  load: { startLevel, stages },
  warmupMs,
}: Pick<BenchPlan, 'load' | 'warmupMs'>): LevelSegment[] {
  const first = startLevel > 0 ? startLevel : (stages[0]?.level ?? 0);
  const segments: LevelSegment[] = [];
  if (warmupMs > 0) segments.push({ startMs: 0, endMs: warmupMs, from: first, to: first });
  let startMs = warmupMs;
  let from = startLevel;
  for (const { durationMs, level } of stages) {
    segments.push({ startMs, endMs: startMs + durationMs, from, to: level });
    startMs += durationMs;
    from = level;
  }
  if (stages.length === 0) segments.push({ startMs, endMs: Infinity, from, to: from });
  return segments;
}

/** When turns are no longer sent, ms; Infinity when only their number ends the run. */
export function sendingEndMs(segments: readonly LevelSegment[]): number {
  return segments.at(-1)?.endMs ?? 0;
}

/** The level at a moment; 0 before the start and after the end. */
export function levelAt(segments: readonly LevelSegment[], ms: number): number {
  const segment = segments.find(({ startMs, endMs }) => ms >= startMs && ms < endMs);
  if (!segment) return 0;
  const { startMs, endMs, from, to } = segment;
  return from === to ? from : from + ((to - from) * (ms - startMs)) / (endMs - startMs);
}
