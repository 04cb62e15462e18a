import type { Summary } from '../figures/summary.ts';
import { paragraph, section, type Sheet } from './bench-section.ts';
import { throughputWords, withinStreamWords } from './bench-throughput-words.ts';

/** Turns, events and bytes a second over the run, and within a stream. */
export function throughputLines({ throughput, groups }: Summary, sheet: Sheet): string[] {
  const within = groups.flatMap((group) => {
    const text = withinStreamWords(group);
    return text === undefined ? [] : paragraph(text, sheet, sheet.style.dim);
  });
  return section(
    'Throughput',
    [...paragraph(`${throughputWords(throughput)}.`, sheet), ...within],
    sheet,
  );
}
