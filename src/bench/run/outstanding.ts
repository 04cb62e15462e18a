/** Counts what is still to be done. */
export interface Outstanding {
  add(count: number): void;
  done(): void;
  /** Settles when nothing is, now or later. */
  none(): Promise<void>;
}

export function createOutstanding(): Outstanding {
  let count = 0;
  let waiting: (() => void)[] = [];
  return {
    add(more) {
      count += more;
    },
    done() {
      count -= 1;
      if (count > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    none() {
      return count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
    },
  };
}
