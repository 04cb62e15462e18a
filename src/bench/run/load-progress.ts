/** Where a run is: what the live view draws. */
export interface LoadProgress {
  readonly phase: 'warmup' | 'measured' | 'draining';
  /** Since the start of the load, ms. */
  readonly elapsedMs: number;
  /** Share of the plan that is done, 0 to 1: of its time or of its turns. */
  readonly done: number;
  /** Virtual users, or turns per second, at this moment. */
  readonly level: number;
  readonly sent: number;
  readonly inFlight: number;
}

const PHASES: readonly LoadProgress['phase'][] = ['warmup', 'measured', 'draining'];

/** The progress of all threads from that of each. @param parts at least one; each has the level of the whole run */
export function mergeProgress(parts: readonly LoadProgress[]): LoadProgress {
  const sum = (name: 'sent' | 'inFlight' | 'done'): number =>
    parts.reduce((total, part) => total + part[name], 0);
  const latest = Math.max(...parts.map(({ elapsedMs }) => elapsedMs));
  return {
    phase: PHASES.find((phase) => parts.some((part) => part.phase === phase)) ?? 'warmup',
    elapsedMs: latest,
    done: sum('done') / parts.length,
    level: parts.find(({ elapsedMs }) => elapsedMs === latest)?.level ?? 0,
    sent: sum('sent'),
    inFlight: sum('inFlight'),
  };
}
