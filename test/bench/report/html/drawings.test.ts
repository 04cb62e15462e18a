import { describe, expect, test } from 'vitest';
import type { StreamTrace } from '../../../../src/bench/run/turn-record.ts';
import { byteData } from '../../../../src/bench/report/html/line-data.ts';
import { sectionMarkup } from '../../../../src/bench/report/html/blocks.ts';
import { markupText } from '../../../../src/bench/report/html/markup.ts';
import { reportDocument } from '../../../../src/bench/report/report-document.ts';
import { streamMarks, streamsSection, tracedTurns } from '../../../../src/bench/report/html/streams-section.ts';
import { simulateRun } from '../../../helpers/bench-report.ts';

const run = simulateRun({ rounds: 140 });

/** The page's markup of a section. */
function sectionText(id: string): string {
  const section = reportDocument(run).sections.find((one) => one.id === id);
  const markup = section && sectionMarkup(section, {});
  if (!markup) throw new Error(`there is no section ${id}`);
  return markupText(markup);
}

describe('the lane of a stream', () => {
  const trace: StreamTrace = {
    readMs: [200, 210, 800, 800.1, 1_000],
    bytes: [10, 20, 30, 40, 50],
    eventMs: [200, 210, 800, 800.1, 1_000],
    eventTypes: ['data', 'text-delta', 'text-delta', 'text-delta', 'finish'],
    truncated: false,
  };

  test('reads and events at their places of 1,000, those on one place once', () => {
    const { events, reads, endMs } = streamMarks(trace, 1_000);
    expect(endMs).toBe(1_000);
    expect(reads).toEqual([200, 210, 800, 1_000]);
    expect(events).toMatchObject({ text: [210, 800], other: [200, 1_000], tool: [], error: [] });
  });

  test('the wait for the first byte, and what is long for this stream', () => {
    expect(streamMarks(trace, 1_000).silences).toEqual([
      { from: 0, to: 200, ms: 200, isFirst: true },
      { from: 210, to: 800, ms: 590, isFirst: false },
      { from: 800, to: 1_000, ms: expect.closeTo(199.9, 5) as number, isFirst: false },
    ]);
  });

  test('a long silence has its length in its middle, each event its stroke', () => {
    const [turn] = tracedTurns(run);
    if (!turn) throw new Error('the simulated run has no trace');
    const text = markupText(streamsSection([{ ...turn, trace, metrics: { ...turn.metrics, durationMs: 1_000 } }]));
    expect(text).toMatch(/left: 50.5%">\s*590 ms/);
    expect(text).toContain('d="M210 6V20M800 6V20"');
    expect(text).toContain('class="reads" d="M200 29V32M210 29V32M800 29V32M1000 29V32"');
  });

  test('of each hop a few streams: the longest silence, the largest answer', () => {
    for (const { hop } of run.run.hops) {
      const traced = run.turns.filter((turn) => turn.trace && turn.phase === 'measured' && turn.hop === hop);
      const shown = tracedTurns(run).filter((turn) => turn.hop === hop);
      expect(shown).toHaveLength(4);
      for (const metric of ['maxGapMs', 'bytes'] as const) {
        const most = Math.max(...traced.map(({ metrics }) => metrics[metric]));
        expect(shown.map(({ metrics }) => metrics[metric])).toContain(most);
      }
    }
  });
});

describe('byte curves', () => {
  test('of the largest answers, ending with their last byte; the throttles near them', () => {
    const data = byteData(tracedTurns(run));
    expect(data?.curves.map(({ hop }) => hop).sort()).toEqual(['agentcore', 'api', 'lambda']);
    for (const { x, y, label } of data?.curves ?? []) {
      const turn = run.turns.find(({ index }) => label.endsWith(` ${index}`));
      expect(y.at(-1)).toBe(turn?.metrics.bytes);
      expect(x.length).toBeLessThan(320);
      expect([...x].sort((a, b) => a - b)).toEqual(x);
    }
    expect(data?.limits.map(({ bytes }) => bytes)).toEqual([6_000_000, 10_000_000]);
    expect(data?.throttle?.bytes).toBe(6_000_000);
  });

  test('small answers have no throttle beside them', () => {
    const small = tracedTurns(run).filter(({ metrics }) => metrics.bytes < 100_000);
    expect(byteData(small)).toMatchObject({ limits: [], throttle: undefined });
    expect(byteData([])).toBeUndefined();
  });
});

test('bars against limits are as long as their share', () => {
  const text = sectionText('headroom');
  const [api] = run.summary.headroom;
  const widths = [...text.matchAll(/class="used" width="([\d.]+)"/g)].map(([, width]) => Number(width));
  const share = ((api?.longest?.ms ?? 0) / (api?.idleLimitMs ?? 1)) * 100;
  expect(widths[0]).toBeCloseTo(share, 1);
  expect(widths[1]).toBeCloseTo(((api?.longestStreamMs ?? 0) / 900_000) * 100, 1);
  expect(Math.max(...widths)).toBeLessThanOrEqual(100);
});

test('intervals lie on one axis, with zero where it belongs', () => {
  const text = sectionText('hops');
  const known = run.summary.differences.filter(({ medianMs }) => medianMs !== undefined);
  const zeros = [...text.matchAll(/class="zero" d="M([\d.]+) /g)].map(([, x]) => Number(x));
  const medians = [...text.matchAll(/class="median" d="M([\d.]+) /g)].map(([, x]) => Number(x));
  const lows = [...text.matchAll(/class="interval"\s+x="([\d.]+)"/g)].map(([, x]) => Number(x));
  expect(known.length).toBe(6);
  expect([zeros.length, medians.length, lows.length]).toEqual([6, 6, 6]);
  expect(new Set(zeros).size).toBe(1);
  const highest = Math.max(...known.map(({ medianMs = 0 }) => medianMs));
  const unit = (Math.max(...medians) - (zeros[0] ?? 0)) / highest;
  expect(unit).toBeGreaterThan(1);
  known.forEach(({ medianMs = 0, lowMs = 0 }, index) => {
    expect(medians[index]).toBeCloseTo((zeros[0] ?? 0) + medianMs * unit, 1);
    expect(lows[index]).toBeCloseTo((zeros[0] ?? 0) + lowMs * unit, 1);
  });
});
