import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintText } from '../../../src/cli/command-line.ts';
import type { UsageError } from '../../../src/cli/errors.ts';
import { parseReport } from '../../../src/bench/figures/parse-report.ts';
import { formatReportLine } from '../../../src/bench/figures/report.ts';
import { reportLines, simulateRun } from '../../helpers/bench-report.ts';
import { cases } from '../../helpers/properties.ts';

const report = simulateRun({ rounds: 20 });
const lines = [...reportLines(report)];
const ndjson = lines.join('');
/** The same run with few turns, one of them with its reads: a case costs less than a millisecond. */
const small = { ...report, turns: report.turns.slice(0, 5).concat(report.turns.find(({ trace }) => trace) ?? []) };
const smallLines = [...reportLines(small)];

const HINT = 'agentstream bench --json prints one, and --ndjson FILE writes one';

const reasonOf = (text: string): string => {
  try {
    parseReport(text, 'run.json');
  } catch (error) {
    expect(error).toMatchObject({ name: 'UsageError', code: 'INVALID_REPORT' });
    expect(hintText((error as UsageError).hint ?? '', {})).toBe(HINT);
    return (error as Error).message;
  }
  throw new Error('it was read');
};

describe('what is written is read again', () => {
  test('NDJSON of one run', () => {
    expect(lines).toHaveLength(1 + report.turns.length + report.clients.length);
    expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(parseReport(ndjson, 'run.ndjson')).toEqual(report);
  });

  test('a report by itself, on one line or on many', () => {
    expect(parseReport(JSON.stringify(report), 'run.json')).toEqual(report);
    expect(parseReport(JSON.stringify(report, null, 2), 'run.json')).toEqual(report);
  });

  test('the document that the command prints, with lines before it', () => {
    const result = JSON.stringify({ type: 'result', command: 'bench', report });
    expect(parseReport(result, 'run.json')).toEqual(report);
    const progress = JSON.stringify({ type: 'progress', done: 0.5 });
    expect(parseReport(`${progress}\n${result}\n`, 'run.json')).toEqual(report);
  });

  test('a summary is made anew: that of the file may be of an older version', () => {
    const old = { ...report, summary: { counts: 'none' } };
    expect(parseReport(JSON.stringify(old), 'run.json')).toEqual(report);
  });
});

describe('a run that broke off', () => {
  test('is there up to its last whole line, and is not valid without its clients', () => {
    const { durationMs: _, sendingMs: __, sessions: ___, ...run } = report.run;
    const cut = [formatReportLine('run', run), ...lines.slice(1, 40)].join('');
    const read = parseReport(cut.slice(0, -30), 'run.ndjson');
    expect(read.turns).toEqual(report.turns.slice(0, 38));
    expect(read.clients).toEqual([]);
    expect(read.summary.validity.valid).toBe(false);
    const ends = read.turns.map(({ sentMs, metrics }) => sentMs + metrics.durationMs);
    expect(read.run.durationMs).toBe(Math.max(...ends));
    expect(read.run.sendingMs).toBe(Math.max(0, ...read.turns.map(({ sentMs }) => sentMs - run.plan.warmupMs)));
    expect(read.run.sessions.stopped).toBe(0);
  });

  test('anywhere: whole lines are read, nothing else', () => {
    const text = smallLines.join('');
    fc.assert(
      fc.property(fc.integer({ min: smallLines[0]?.length ?? 0, max: text.length }), (length) => {
        const read = parseReport(text.slice(0, length), 'run.ndjson');
        const whole = text.slice(0, length).split('\n').length - 1;
        // The last line may want its line feed only.
        expect([whole - 1, whole]).toContain(read.turns.length + read.clients.length);
        expect(small.turns.slice(0, read.turns.length)).toEqual(read.turns);
      }),
      { numRuns: cases(500) },
    );
  });

  test('facts that are written again at the end count', () => {
    const run = { ...report.run, durationMs: 1 };
    const again = { ...report.run, stoppedBy: 'interrupt' } as const;
    const text = [formatReportLine('run', run), ...lines.slice(1), formatReportLine('run', again)].join('');
    expect(parseReport(text, 'run.ndjson').run).toEqual(again);
  });
});

describe('what is no report is refused, with the reason', () => {
  const bare = JSON.parse(JSON.stringify(small)) as Record<string, never>;
  const changed = (...path: readonly [...string[], unknown]): string => {
    const copy = JSON.parse(JSON.stringify(bare)) as Record<string, unknown>;
    let place = copy;
    for (const name of path.slice(0, -2) as string[]) place = place[name] as typeof place;
    place[path.at(-2) as string] = path.at(-1);
    return JSON.stringify(copy);
  };

  test.each([
    ['', 'no line of type run'],
    ['hello', 'line 1 is not a JSON object'],
    ['[]', 'line 1 is not a JSON object'],
    ['null', 'line 1 is not a JSON object'],
    ['{}', 'its schema is undefined'],
    ['{"type":"recording"}', 'a line of type "recording"'],
    ['{"type":"result"}', 'a line of type "result"'],
    ['{"type":"turn"}', 'no line of type run'],
    [changed('schema', 'agentstream-bench/0'), 'its schema is "agentstream-bench/0"'],
    [changed('run', 5), 'run.startedAt is missing'],
    [changed('run', 'startedAt', 'soon'), 'run.startedAt is "soon", expected a date'],
    [changed('run', 'plan', 'hops', ['edge']), 'run.plan.hops[0] is "edge", expected one of api, lambda, agentcore'],
    [changed('run', 'plan', 'load', 'model', 'half'), 'run.plan.load.model is "half", expected one of closed, open'],
    [changed('run', 'prices', null), 'run.prices is null, expected an object'],
    [changed('turns', {}), 'turns[0] is missing'],
    [changed('turns', '3', 'class', 'hot'), 'turns[3].class is "hot", expected one of cold, new-session'],
    [changed('turns', '3', 'outcome', 'fine'), 'turns[3].outcome is "fine", expected one of ok, http-error'],
    [changed('turns', '3', 'metrics', 'durationMs', null), 'turns[3].metrics.durationMs is null, expected a number'],
    [
      changed('turns', '3', 'metrics', 'gaps', 'histogram', 'buckets', [7]),
      'turns[3].metrics.gaps.histogram.buckets[0] is 7, expected a list',
    ],
    [changed('turns', '3', 'metrics', 'megabyteMs', undefined), 'turns[3].metrics.megabyteMs is missing'],
    [changed('clients', '0', 'busy', 'much'), 'clients[0].busy is "much", expected a number'],
    [`${lines[0]}${lines[1]}{"type":"turn"}\n`, 'line 3: index is missing'],
    [`${lines[0]}{"type":"client","busy":[0]}\n`, 'line 2: loopDelayP99Ms is missing'],
    [
      changed('run', 'plan', 'session', { type: 'none' }),
      'run.plan.session.type is "none", expected one of new, per-vu, fixed, resume',
    ],
    [changed('run', 'startedAt', 'x'.repeat(58)), `run.startedAt is "${'x'.repeat(58)}", expected`],
    [changed('run', 'startedAt', 'x'.repeat(59)), `run.startedAt is "${'x'.repeat(59)}..., expected`],
    [changed('schema', 'agentstream-bench/1'), 'left out those at both ends of a stream'],
    [changed('turns', '3', 'index', 'x'), 'turns[3].index is "x", expected a number'],
    [`${lines.slice(0, 3).join('')}{"type":"turn"\n${lines[4]}`, 'line 4 is not a JSON object'],
  ])('case %#', (text, reason) => {
    expect(reasonOf(text)).toMatch(/^run\.json is not a report: /);
    expect(reasonOf(text)).toContain(reason);
  });

  test('nested deeply, it is refused like anything else', () => {
    const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
    const files = [deep, `{"schema":${deep}}`, `{"type":${deep}}`, changed('run', 'x').replace('"x"', deep)];
    const wide = changed('turns', ['x']).replace('"x"', deep);
    for (const text of [...files, wide]) {
      expect(() => parseReport(text, 'run.json')).toThrow(expect.objectContaining({ code: 'INVALID_REPORT' }));
    }
  });

  test('whatever is changed in it: it is read, or refused as what it is', () => {
    const paths: string[][] = [];
    const walk = (value: unknown, path: string[]): void => {
      if (path.length > 0) paths.push(path);
      if (typeof value !== 'object' || value === null) return;
      for (const [name, child] of Object.entries(value).slice(0, 30)) walk(child, [...path, name]);
    };
    walk({ run: bare['run'], turns: bare['turns'], clients: bare['clients'] }, []);
    const junk = fc.constantFrom<unknown>(null, undefined, 'x', -1, [], {}, [null], true);
    fc.assert(
      fc.property(fc.constantFrom(...paths), junk, (path, value) => {
        // A threshold that is none is refused as that.
        fc.pre(!path.includes('thresholds'));
        try {
          parseReport(changed(...path, value), 'run.json');
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_REPORT' });
        }
      }),
      { numRuns: cases(10_000) },
    );
  });

  test('whatever bytes a file has: it is refused as what it is, or what is read is the same when it is written and read again', () => {
    const splice = fc.tuple(
      fc.nat(),
      fc.oneof(fc.nat(12), fc.nat()),
      fc.constantFrom('', '"', '}', '{', ',', '\n', '0', '-1', '1e999', 'null', '\uFEFF', '\0', lines[1]),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(smallLines, { minLength: 1 }), fc.array(splice, { maxLength: 3 }), (chosen, splices) => {
        let text = chosen.join('');
        for (const [place, length, junk] of splices) {
          const at = place % (text.length + 1);
          text = text.slice(0, at) + junk + text.slice(at + length);
        }
        try {
          const read = parseReport(text, 'run.ndjson');
          expect(parseReport([...reportLines(read)].join(''), 'again.ndjson')).toEqual(read);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UsageError', code: expect.stringMatching(/^INVALID_(?:REPORT|THRESHOLD)$/) });
        }
      }),
      { numRuns: cases(10_000) },
    );
  });
});
