/** Thousandths of a millisecond: finer than any clock here, and what a document of many turns can do without. */
const PER_MS = 1_000;

/** The same with every number rounded to a microsecond, where numbers are milliseconds or whole. */
export function roundTimes<T>(value: T): T {
  return round(value) as T;
}

function round(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * PER_MS) / PER_MS;
  if (Array.isArray(value)) return value.map(round);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, round(member)]));
}
