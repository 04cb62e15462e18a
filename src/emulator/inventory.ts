/** What exists and no service API of the emulator lists, by kind: names or ARNs. A kind that is empty is there all the same. */
export interface Inventory {
  readonly roles: readonly string[];
  readonly logGroups: readonly string[];
  readonly [kind: string]: readonly string[];
}

/** The inventories of several places as one. */
export function joinInventories(
  inventories: readonly Readonly<Record<string, readonly string[]>>[],
): Readonly<Record<string, readonly string[]>> {
  const joined: Record<string, readonly string[]> = {};
  for (const inventory of inventories) {
    for (const [kind, names] of Object.entries(inventory))
      joined[kind] = [...(joined[kind] ?? []), ...names];
  }
  return joined;
}
