import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { distributionOf } from '../../../src/stream/distribution.ts';
import { LIST_PRICES } from '../../../src/bench/figures/cost.ts';
import { ensureConditions, turnMetrics } from '../../../src/bench/artillery/artillery-metrics.ts';
import { type ExportedTest, renderTest } from '../../../src/bench/artillery/render-test.ts';
import { readPromptFile } from '../../../src/bench/run/conversations.ts';
import { PROBE_DEFAULTS } from '../../../src/protocol.ts';
import { simulateRun } from '../../helpers/bench-report.ts';
import { loadPlan } from '../../helpers/load-plan.ts';
import { turnRecord } from '../../helpers/turn-record.ts';
import { cases } from '../../helpers/properties.ts';

const { conversations: _none, ...PLAN } = loadPlan({ startLevel: 4, turns: 20 });
const TEST: ExportedTest = {
  url: 'https://abc123.execute-api.us-east-1.amazonaws.com/prod',
  settings: {
    plan: PLAN,
    auth: { type: 'api-key' },
    hop: { hop: 'api', idleLimitMs: 300_000 },
    prices: LIST_PRICES,
    thresholds: ['ok>=99.5%'],
    maxLagMs: 50,
  },
  conversations: [['hi']],
  machines: 1,
  notes: [],
  version: '1.2.3',
};
const file = (name: string, change: Partial<ExportedTest> = {}): string => renderTest({ ...TEST, ...change }).get(name) ?? '';

describe('test.yml', () => {
  it('is a script for Artillery', () => {
    expect(parse(file('test.yml'))).toEqual({
      config: {
        target: TEST.url,
        processor: './processor.mjs',
        includeFiles: ['prompts.ndjson'],
        phases: [{ name: 'virtual users', duration: 1, arrivalCount: 4 }],
        plugins: { ensure: { conditions: [{ expression: 'agentstream.outcome.ok / agentstream.turns * 100 >= 99.5' }] } },
      },
      scenarios: [{ name: 'closed', flow: [{ function: 'virtualUser' }] }],
    });
  });

  it('begins with what has to be known of it', () => {
    expect(file('test.yml', { notes: ['it is cold outside'] })).toMatch(
      /^# A load for Artillery 2\.0\.34 and newer, written by agentstream 1\.2\.3 .*\n# Note: it is cold outside\.\n/,
    );
  });

  it('has no prompts for a probe', () => {
    const settings = { ...TEST.settings, plan: { ...PLAN, probe: PROBE_DEFAULTS } };
    const files = renderTest({ ...TEST, settings });
    expect([...files.keys()]).not.toContain('prompts.ndjson');
    expect(files.get('test.yml')).not.toContain('prompts');
    expect(files.get('processor.mjs')).toContain('createVirtualUser(settings, undefined)');
  });
});

test('processor.mjs has the settings as they are', () => {
  const [, json = ''] = /const settings = (\{.*?\n\});/s.exec(file('processor.mjs')) ?? [];
  expect(JSON.parse(json)).toEqual(TEST.settings);
});

test('package.json asks for this version', () => {
  expect(JSON.parse(file('package.json'))).toMatchObject({
    private: true,
    type: 'module',
    dependencies: { agentstream: '1.2.3', artillery: '^2.0.34' },
  });
});

describe('README.md', () => {
  const readme = (auth: ExportedTest['settings']['auth']): string => file('README.md', { settings: { ...TEST.settings, auth } });

  it('says where credentials come from', () => {
    expect(readme({ type: 'api-key' })).toContain('export AGENTSTREAM_API_KEY=');
    expect(readme({ type: 'bearer' })).toContain('export AGENTSTREAM_TOKEN=');
    expect(readme({ type: 'iam', region: 'eu-west-1' })).toContain('execute-api:Invoke');
    expect(readme({ type: 'none' })).toContain('No credentials are needed');
  });

  it('says how many machines to start', () => {
    expect(file('README.md', { machines: 5 })).toContain('run-fargate --count 5 ');
    expect(file('README.md', { machines: 5 })).toContain('one of 5 machines, which share the load');
    expect(file('README.md')).toContain('ten times the load');
  });

  it('has all its words filled in, and the notes', () => {
    const text = file('README.md', { notes: ['it is cold outside', 'and dark'] });
    expect(text).not.toMatch(/\{\w+\}/);
    expect(text).toContain('measures it.\n\n- Note: it is cold outside.\n- Note: and dark.\n\n## Before\n');
    expect(file('README.md')).toContain('measures it.\n\n## Before\n');
  });
});

describe('prompts.ndjson', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'agentstream-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('any conversations come back as they were', () => {
    const path = join(folder, 'prompts.ndjson');
    const prompt = fc.string({ minLength: 1, unit: 'binary' });
    fc.assert(
      fc.property(fc.array(fc.array(prompt, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }), (conversations) => {
        writeFileSync(path, file('prompts.ndjson', { conversations }));
        expect(readPromptFile(path)).toEqual(conversations);
      }),
      { numRuns: cases(30) },
    );
  });
});

describe('ensureConditions', () => {
  const one = (threshold: string): string | undefined => ensureConditions([threshold]).conditions[0];

  it.each([
    ['ttfb{warm}.p95<800ms', 'agentstream.ttfb.warm.p95 < 800'],
    ['ttft{api,warm,cold}.p50<=1.5s', 'agentstream.ttft.cold.p50 <= 1500 and agentstream.ttft.warm.p50 <= 1500'],
    ['maxGap<1m', 'agentstream.max_gap.max < 60000'],
    ['gap<60s', 'agentstream.read_gap.max < 60000'],
    ['maxGap.p90<60s', 'agentstream.max_gap.p90 < 60000'],
    ['contentGap<60s', 'agentstream.content_gap.max < 60000'],
    ['failed<1%', 'agentstream.failed / agentstream.turns * 100 < 1'],
    ['unfinished<=0%', 'agentstream.outcome.unfinished / agentstream.turns * 100 <= 0'],
  ])('says %s', (threshold, condition) => {
    expect(one(threshold)).toBe(condition);
  });

  it('asks a time of each class that there is, when none is named', () => {
    expect(one('duration.p99<20s')).toContain(
      '(agentstream.good.new-session == 0 or agentstream.duration.new-session.p99 < 20000) and ',
    );
    expect(one('duration.p99<20s')?.split(' and ')).toHaveLength(4);
  });

  it.each([
    'gap.p99<5s',
    'contentGap.p95<5s',
    'headers.p95<1s',
    'ttfb{lambda}.p95<1s',
    'maxGap{warm}<5s',
    'ok{cold}>=99%',
    'headroom>=50%',
    'eventsPerSecond.p50>10',
    'cost.perGoodStream<0.01',
  ])('leaves %s to the exact report', (threshold) => {
    expect(ensureConditions([threshold])).toEqual({ conditions: [], leftOut: [threshold] });
  });
});

describe('turnMetrics', () => {
  const { turns, summary } = simulateRun({ hops: ['api'] });
  const metrics = turns.filter(({ phase }) => phase !== 'pilot').flatMap(turnMetrics);
  const count = (name: string): number =>
    metrics
      .filter((metric) => metric.kind === 'counter' && metric.name === `agentstream.${name}`)
      .reduce((sum, { value }) => sum + value, 0);
  const values = (name: string): number[] =>
    metrics.filter((metric) => metric.kind === 'histogram' && metric.name === `agentstream.${name}`).map(({ value }) => value);

  it('gives the figures of the report', () => {
    expect(summary.groups.length).toBeGreaterThan(2);
    for (const group of summary.groups) {
      expect(count(`good.${group.class}`)).toBe(group.ok);
      for (const name of ['ttfb', 'ttfe', 'ttft', 'duration'] as const) {
        expect(distributionOf(values(`${name}.${group.class}`))).toEqual(group[name]);
      }
    }
    expect(values('max_gap').toSorted((a, b) => b - a)[0]).toBe(summary.silences[0]?.ms);
    expect(values('max_gap')).toHaveLength(summary.groups.reduce((sum, { maxGap }) => sum + maxGap.n, 0));
    expect(Math.max(...values('content_gap'))).toBe(summary.headroom[0]?.longestContentGapMs);
  });

  it('counts what the report counts', () => {
    const { counts } = summary;
    expect(count('turns')).toBe(counts.sent);
    expect(count('failed')).toBe(counts.failed);
    expect(count('outcome.unfinished')).toBe(counts.unfinished);
    expect(count('warmup')).toBe(counts.warmup);
    expect(counts.warmup).toBeGreaterThan(0);
    for (const outcome of summary.outcomes) {
      const same = summary.outcomes.filter((other) => other.outcome === outcome.outcome);
      expect(count(`outcome.${outcome.outcome}`)).toBe(same.reduce((sum, { count }) => sum + count, 0));
    }
    expect(count('heartbeats')).toBe(summary.headroom[0]?.heartbeats);
  });

  it('has no gap of a stream that came in one read', () => {
    const names = turnMetrics(turnRecord({}, { readMs: [100] })).map(({ name }) => name);
    expect(names).toContain('agentstream.duration.warm');
    expect(names.filter((name) => name.endsWith('_gap'))).toEqual(['agentstream.max_gap']);
  });

  it('has no name that begins with another', () => {
    const names = [...new Set(metrics.map(({ name }) => name))];
    for (const name of names) {
      expect(names.filter((other) => other.startsWith(name))).toEqual([name]);
    }
  });
});
