/** The longest that a timer of Node.js waits. */
const NEVER_MS = 2 ** 31 - 1;

/** Calls `beat` whenever the timer was not refreshed for `ms`; 0 is never. The caller clears it. */
export function createHeartbeat(ms: number, beat: () => void): NodeJS.Timeout {
  const timer = setTimeout(() => {
    beat();
    timer.refresh();
  }, ms || NEVER_MS);
  return timer;
}
