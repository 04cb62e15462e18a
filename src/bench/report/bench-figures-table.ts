import type { GroupSummary, Summary } from '../figures/summary.ts';
import { FIGURES, PERCENTILES, type Percentile, WITHHELD, withholds } from './bench-figures.ts';
import { groupName } from './bench-names.ts';
import { paragraph, section, type Sheet } from './bench-section.ts';
import { formatTimeCell, plural } from '../../ui/format.ts';
import { alignRows } from '../../ui/table.ts';

/** What goes first where the lines are too short. */
const LEAST_WANTED: readonly Percentile[] = ['p90', 'p99', 'max'];

/** The tables of times, one for each hop and class: n and percentiles of every metric. */
export function figureLines({ groups }: Summary, sheet: Sheet): string[] {
  const shown = fittingPercentiles(groups, sheet.columns);
  const lines = groups.flatMap((group) => [
    ...paragraph(groupTitle(group), sheet),
    ...tableOf(group, shown).map((line, index) => (index === 0 ? sheet.style.dim(line) : line)),
  ]);
  const missing = PERCENTILES.filter((name) => !shown.includes(name));
  return section(
    'Times',
    [
      ...lines,
      ...(withholds(groups) ? paragraph(WITHHELD, sheet, sheet.style.dim) : []),
      ...(missing.length === 0
        ? []
        : paragraph(`A wider terminal shows ${missing.join(', ')} too.`, sheet, sheet.style.dim)),
    ],
    sheet,
  );
}

function groupTitle(group: GroupSummary): string {
  const { turns, ok } = group;
  const result = ok === turns ? 'all ok' : `${ok.toLocaleString('en-US')} ok`;
  return `${groupName(group)}: ${plural(turns, 'turn')}, ${result}`;
}

function tableOf(group: GroupSummary, shown: readonly Percentile[]): string[] {
  const rows = FIGURES.map(({ label, of }) => {
    const values = of(group);
    return [label, shortCount(values.n), ...shown.map((name) => formatTimeCell(values[name]))];
  });
  return alignRows([['', 'n', ...shown], ...rows], { gap: shown.length === 5 ? 2 : 1 });
}

function fittingPercentiles(
  groups: readonly GroupSummary[],
  columns: number,
): readonly Percentile[] {
  for (let dropped = 0; dropped < LEAST_WANTED.length; dropped += 1) {
    const shown = PERCENTILES.filter((name) => !LEAST_WANTED.slice(0, dropped).includes(name));
    const width = Math.max(0, ...groups.flatMap((group) => tableOf(group, shown)).map(lengthOf));
    if (width <= columns) return shown;
  }
  return PERCENTILES.filter((name) => !LEAST_WANTED.includes(name));
}

function lengthOf(line: string): number {
  return line.length;
}

/** A count that is narrow however large it is. */
function shortCount(n: number): string {
  if (n < 100_000) return n.toLocaleString('en-US');
  return n < 1_000_000 ? `${Math.floor(n / 1_000)} k` : `${(n / 1_000_000).toFixed(1)} M`;
}
