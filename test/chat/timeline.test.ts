import { expect, test } from 'vitest';
import { createStyle } from '../../src/ui/terminal.ts';
import { renderTimeline } from '../../src/chat/timeline.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';

const style = createStyle(createMemoryTerminal().stderr, {});

const turn = [
  { atMs: 0, type: 'sent' },
  { atMs: 200, type: 'headers' },
  ...[400, 450, 500].map((atMs) => ({ atMs, type: 'text-delta' })),
  { atMs: 510, type: 'tool-start', label: 'search' },
  { atMs: 900, type: 'tool-end', label: 'search' },
  ...[920, 960, 1_000].map((atMs) => ({ atMs, type: 'text-delta' })),
  { atMs: 1_000, type: 'end' },
];

test('a row a stretch, its bar where it lies in time', () => {
  expect(renderTimeline(turn, 70, style)).toMatchInlineSnapshot(`
    "what                                                    from   lasting
    to headers         ██████                             0.0 ms    200 ms
    silence                  ······                       200 ms    200 ms
    text                           ███                    400 ms    100 ms
    tool search                       ████████████        510 ms    390 ms
    text                                           ██     920 ms     80 ms
    "
  `);
});

test('steady pauses are one row, a longer one keeps its own', () => {
  const times = [0, 100, 200, 300, 410, 520, 610, 1_400, 1_500];
  const events = times.map((atMs) => ({ atMs, type: 'text-delta' }));
  expect(renderTimeline([...events, { atMs: 1_500, type: 'end' }], 70, style)).toMatchInlineSnapshot(`
    "what                                                    from   lasting
    text               █████████████                      0.0 ms    610 ms
    silence                        ················       610 ms    790 ms
    text                                           ██     1.40 s    100 ms
    "
  `);
  const short = times.map((atMs) => ({ atMs: atMs * 5, type: 'text-delta' }));
  expect(renderTimeline(short.slice(0, 7), 70, style)).toMatch(/^what.*\ntext, 6 pauses {2,}▒+ .*\n$/);
});

test.each([40, 80, 200])('fits into %i columns', (columns) => {
  const many = Array.from({ length: 500 }, (_, index) => ({
    atMs: index * 10,
    type: index % 2 === 0 ? 'text-delta' : 'tool-start',
    label: index % 2 === 0 ? undefined : `a-tool-with-a-long-name-${index}`,
  }));
  const lines = renderTimeline(many, columns, style).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  expect(lines.at(-2)).toMatch(/^and \d+ more$/);
});

test('a turn without anything', () => {
  expect(renderTimeline([{ atMs: 0, type: 'sent' }], 60, style)).toContain('what');
});
