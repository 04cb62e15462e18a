/** Which share of a run one thread has. */
export interface WorkerShare {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** The first number of a turn and of a session that is free: those below were given before the load. */
  readonly firstIndex: number;
}

/** A worker's part of so many things: they are dealt out like cards. */
export function shareOf(total: number, { index, count }: WorkerShare): number {
  return Math.max(0, Math.ceil((total - index) / count));
}
