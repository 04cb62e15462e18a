import * as fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { histogramLines, toBins } from '../../../src/bench/report/drawings.ts';
import { PLAIN } from '../../helpers/plain-style.ts';

const samples = fc.array(
  fc.tuple(
    fc.oneof(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 900_000, noNaN: true })),
    fc.integer({ min: 1, max: 10_000 }),
  ),
  { minLength: 1, maxLength: 60 },
);
const series = fc.array(samples, { minLength: 1, maxLength: 3 });

test('every sample is in the one bin that holds its value, few bins hold all', () => {
  fc.assert(
    fc.property(series, (lists) => {
      const { bins } = toBins(lists.map((list) => ({ label: '', samples: list })));
      expect(bins.length).toBeLessThanOrEqual(17);
      lists.forEach((list, index) => {
        for (const { from, to, counts } of bins) {
          const held = list.filter(([value]) => value >= from && value < to);
          expect(counts[index]).toBe(held.reduce((sum, [, count]) => sum + count, 0));
        }
        const all = bins.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0);
        expect(all).toBe(list.reduce((sum, [, count]) => sum + count, 0));
      });
      bins.slice(1).forEach(({ from }, index) => expect(from).toBe(bins[index]?.to));
    }),
  );
});

test('fits, and what is there has a cell', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 40, max: 160 }), (lists, columns) => {
      const named = lists.map((list, index) => ({ label: `series ${index}`, samples: list }));
      const lines = histogramLines(named, { columns, style: PLAIN });
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
      const rows = lines.filter((line) => line.includes('│'));
      for (const row of rows) {
        expect(/[█▒▓]/.test(row)).toBe(!row.endsWith(' 0'));
      }
    }),
  );
});

test('a narrow spread has round steps, a wide one a log scale', () => {
  const of = (values: number[]) =>
    histogramLines([{ label: 'warm', samples: values.map((value) => [value, 1]) }], { columns: 60, style: PLAIN }).join('\n');
  expect(of([210, 220, 230, 260, 290, 340])).toMatchInlineSnapshot(`
    "  200 ms │████████████████████████████████████████████████ 3
      250 ms │████████████████████████████████                 2
      300 ms │████████████████                                 1"
  `);
  expect(of([0.4, 30, 40, 41_000])).toMatchInlineSnapshot(`
    "  < 1 ms │████████████████████████                         1
        1 ms │                                                 0
       10 ms │████████████████████████████████████████████████ 2
      100 ms │                                                 0
         1 s │                                                 0
        10 s │████████████████████████                         1
      log scale"
  `);
});

test('nothing to draw', () => {
  expect(histogramLines([], { columns: 60, style: PLAIN })).toEqual([]);
});
