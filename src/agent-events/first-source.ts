/**
 * Frameworks send the same text several times: as a raw model event, as a digest of it, and in the complete message at the end.
 * Whichever way brings text first is read, all others are not.
 * @returns whether this way is the one that counts; the first that asks is
 */
export function createFirstSource(): (way: string) => boolean {
  let first: string | undefined;
  return (way) => {
    first ??= way;
    return first === way;
  };
}
