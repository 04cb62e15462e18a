const HEIGHTS = '▁▂▃▄▅▆▇█';

/**
 * Values as a row of little bars, a cell each, the highest one full. What is undefined is left blank.
 * @param values 0 and more
 */
export function sparkline(values: readonly (number | undefined)[]): string {
  const most = Math.max(0, ...values.filter((value) => value !== undefined));
  return values
    .map((value) => {
      if (value === undefined) return ' ';
      const height = most === 0 ? 0 : Math.round((value / most) * (HEIGHTS.length - 1));
      return HEIGHTS[height] ?? '';
    })
    .join('');
}
