/** A time that passes only where somebody sleeps, or as the test wants. */
export interface HandClock {
  now(): number;
  sleep(ms: number): Promise<void>;
  pass(ms: number): void;
  /** How long each sleep was to be. */
  readonly sleeps: number[];
}

export function createHandClock(): HandClock {
  let now = 5_000;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    async sleep(ms) {
      sleeps.push(ms);
      now += ms;
    },
    pass(ms) {
      now += ms;
    },
  };
}
