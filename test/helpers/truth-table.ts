/** One property of a server, and what each tool said of it. */
export interface TruthRow {
  readonly what: string;
  readonly truth: string;
  readonly agentstream: string;
  /** `-` where it has no such figure. */
  readonly autocannon: string;
}

const COLUMNS = ['what', 'truth', 'agentstream', 'autocannon'] as const;

/** Lines of a table of them, the titles first. */
export function truthTable(rows: readonly TruthRow[]): string {
  const title: TruthRow = { what: '', truth: 'truth', agentstream: 'agentstream', autocannon: 'autocannon' };
  const all = [title, ...rows];
  const widths = COLUMNS.map((column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) => COLUMNS.map((column, index) => row[column].padEnd(widths[index] ?? 0)).join('  ')).join('\n');
}

export const ms = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(value < 10 ? 1 : 0)} ms`);
