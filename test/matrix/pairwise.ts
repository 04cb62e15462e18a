/** The value of each dimension, by name. */
export type Row = Readonly<Record<string, string>>;

export type Dimensions = Readonly<Record<string, readonly string[]>>;

/**
 * Rows in which every pair of values of two dimensions is together at least once: far fewer than all combinations, and most faults
 * of options need no more than two of them (Kuhn, Wallace and Gallo, "Software Fault Interactions", 2004). Greedy, and the same for
 * the same input.
 * @param isAllowed told a row that need not be complete; an incomplete one has to be allowed when it can be completed by first values
 */
export function pairwise(dimensions: Dimensions, isAllowed: (row: Row) => boolean): Row[] {
  const open = new Map(allowedPairs(dimensions, isAllowed).map((pair) => [keyOf(pair), pair]));
  const rows: Row[] = [];
  for (let [first] = open.values(); first; [first] = open.values()) {
    const row = complete(first, dimensions, isAllowed, open);
    for (const pair of pairsOf(row)) open.delete(keyOf(pair));
    rows.push(row);
  }
  return rows;
}

/** Every pair of values that a row may have. */
export function allowedPairs(dimensions: Dimensions, isAllowed: (row: Row) => boolean): Row[] {
  const names = Object.keys(dimensions);
  return names.flatMap((left, index) =>
    names
      .slice(index + 1)
      .flatMap((right) =>
        (dimensions[left] ?? []).flatMap((a) => (dimensions[right] ?? []).map((b) => ({ [left]: a, [right]: b }))),
      )
      .filter(isAllowed),
  );
}

export function pairsOf(row: Row): Row[] {
  const entries = Object.entries(row);
  return entries.flatMap(([left, a], index) => entries.slice(index + 1).map(([right, b]) => ({ [left]: a, [right]: b })));
}

export function keyOf(pair: Row): string {
  return Object.entries(pair)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
}

/** Gives each dimension the allowed value that meets the most open pairs; the first of equals. */
function complete(pair: Row, dimensions: Dimensions, isAllowed: (row: Row) => boolean, open: ReadonlyMap<string, Row>): Row {
  let row = pair;
  for (const [name, values] of Object.entries(dimensions)) {
    if (row[name] !== undefined) continue;
    const ranked = values
      .map((value) => ({ ...row, [name]: value }))
      .filter(isAllowed)
      .map((each) => ({ each, gain: pairsOf(each).filter((p) => open.has(keyOf(p))).length }))
      .sort((a, b) => b.gain - a.gain);
    row = ranked[0]?.each ?? { ...row, [name]: values[0] ?? '' };
  }
  return Object.fromEntries(Object.keys(dimensions).map((name) => [name, row[name] ?? '']));
}
