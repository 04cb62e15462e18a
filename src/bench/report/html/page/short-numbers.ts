/** ms for people, short: `5 ms`, `1.2 s`, `5 min`. */
export function shortTime(ms: number): string {
  if (ms < 1_000) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 120_000) return `${Number((ms / 1_000).toPrecision(3))} s`;
  return `${Number((ms / 60_000).toPrecision(3))} min`;
}

/** Seconds since a start as a clock shows them: `2:05`, `1:00:00`. */
export function clockTime(s: number): string {
  const [hours, minutes, seconds] = [Math.floor(s / 3_600), Math.floor(s / 60) % 60, s % 60];
  const tail = `${String(Math.floor(seconds)).padStart(2, '0')}${seconds % 1 === 0 ? '' : (seconds % 1).toFixed(1).slice(1)}`;
  return hours === 0
    ? `${minutes}:${tail}`
    : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}

/** Bytes for people, short: `512 B`, `6.2 kB`, `11 MB`. */
export function shortBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000
    ? `${Number((bytes / 1_000).toPrecision(3))} kB`
    : `${Number((bytes / 1_000_000).toPrecision(3))} MB`;
}
