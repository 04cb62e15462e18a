import type { BenchReport } from '../figures/report.ts';
import type { Cost } from '../figures/summary.ts';
import { INDENT, paragraph, section, type Sheet } from './sheet.ts';
import { formatUsd } from '../../ui/format.ts';
import { alignRows } from '../../ui/table.ts';
import { wrapText } from '../../ui/wrap-text.ts';

/** Cost of the run by the price table, and the costs that are not included. */
export function costLines({ run, summary: { cost } }: BenchReport, sheet: Sheet): string[] {
  const heads = alignRows(cost.parts.map(({ name, amount }) => [name, formatUsd(amount)]));
  const table = cost.parts.map(({ quantity }, index) => `${heads[index]}  ${quantity}`);
  const isWide = table.every((line) => line.length <= sheet.columns);
  const parts = isWide
    ? table
    : cost.parts.flatMap(({ name, amount, quantity }) =>
        wrapText(`${name}: ${formatUsd(amount)}, ${quantity}`, sheet.columns, INDENT, '    '),
      );
  const { dim } = sheet.style;
  const leftOut = cost.leftOut.flatMap((each) => wrapText(each, sheet.columns, '  - ').map(dim));
  return section(
    'Cost',
    [
      ...paragraph(costWords(cost), sheet),
      ...parts,
      ...paragraph(priceWords(run.prices), sheet, dim),
      ...(leftOut.length === 0 ? [] : [dim(`${INDENT}Not included:`), ...leftOut]),
    ],
    sheet,
  );
}

/** `$0.0123 in all; $0.061 per 1,000 turns, $0.000062 per good stream.` */
export function costWords({ total, perThousandTurns, perGoodStream }: Cost): string {
  const good = perGoodStream === undefined ? '' : `, ${formatUsd(perGoodStream)} per good stream`;
  return `${formatUsd(total)} in all; ${formatUsd(perThousandTurns)} per 1,000 turns${good}.`;
}

/** Date and Region of the prices. */
export function priceWords({ region, asOf }: BenchReport['run']['prices']): string {
  return `Estimated with the list prices of ${asOf} in ${region}.`;
}
