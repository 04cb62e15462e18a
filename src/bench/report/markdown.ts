import type { BenchReport } from '../figures/report.ts';
import type { GroupSummary, Summary } from '../figures/summary.ts';
import { costWords, priceWords } from './cost.ts';
import { gaugesOf } from './headroom.ts';
import { DIFFERENCE_NOTE, differenceWords, probeWords } from './hops.ts';
import { CLASS_NAMES } from './names.ts';
import { outcomeName, silencePlace, THRESHOLD_WORDS } from './outcomes.ts';
import { clientWords, describeLeftOut, describeResult, describeRun, INVALID_WORDS } from './run-words.ts';
import { figureCells, FIGURES, throughputWords, WITHHELD, withholds } from './times.ts';
import { PERCENTILES } from '../../stream/distribution.ts';
import { formatMs, formatTimeCell } from '../../ui/format.ts';
import { markdownCode, markdownTable, markdownText } from '../../ui/markdown-text.ts';

/** The columns of the short table. */
const SHORT = [
  ['ttfb p50', ({ ttfb }) => ttfb.p50],
  ['ttfb p95', ({ ttfb }) => ttfb.p95],
  ['ttft p50', ({ ttft }) => ttft.p50],
  ['ttft p95', ({ ttft }) => ttft.p95],
  ['longest silence', ({ maxGap }) => maxGap.max],
  ['duration p50', ({ duration }) => duration.p50],
] as const satisfies readonly (readonly [string, (group: GroupSummary) => number | undefined])[];

/**
 * A run as a comment of a pull request: result, thresholds, a short table and headroom; the rest folded away. A run that is not
 * valid shows why, how its turns came out and how the client fared.
 * @returns GitHub-flavoured Markdown; nothing that came from a server or a flag is taken for markup
 */
export function renderBenchMarkdown(report: BenchReport): string {
  const { summary } = report;
  const blocks = summary.validity.valid
    ? [
        thresholdBlock(summary),
        shortTable(summary),
        probeBlock(summary),
        headroomBlock(summary),
        details('All times', figureTable(summary), withholds(summary.groups) ? WITHHELD : ''),
        details('What the hops add', differenceBlock(summary)),
        details('Outcomes and silences', outcomeBlock(summary), silenceBlock(summary)),
        details('Cost', costBlock(report)),
      ]
    : [outcomeBlock(summary)];
  return [resultBlock(report), ...blocks, details('The run and the client', runBlock(report), clientBlock(report))]
    .filter((block) => block !== '')
    .join('\n\n')
    .concat('\n');
}

function resultBlock(report: BenchReport): string {
  const result = describeResult(report);
  const head =
    result.type === 'valid'
      ? `**${markdownText(result.counts)}** ${markdownText(result.speed)}`.trim()
      : [
          `**${INVALID_WORDS}**`,
          '',
          ...result.reasons.map((reason) => `- ${markdownText(reason)}`),
          '',
          markdownText(result.counts),
        ].join('\n');
  const leftOut = describeLeftOut(report).map(({ text }) => `- ${markdownText(text)}`);
  return [head, ...(leftOut.length === 0 ? [] : ['', ...leftOut])].join('\n');
}

function thresholdBlock({ thresholds }: Summary): string {
  const rows = thresholds.map(({ threshold, result, measured }) => [
    result === 'pass' ? THRESHOLD_WORDS.pass : `**${THRESHOLD_WORDS[result]}**`,
    markdownCode(threshold),
    markdownText(measured),
  ]);
  return markdownTable(['', 'threshold', 'measured'], rows);
}

function shortTable({ groups }: Summary): string {
  const rows = groups.map((group) => [
    group.hop,
    CLASS_NAMES[group.class],
    `${group.ok.toLocaleString('en-US')} of ${group.turns.toLocaleString('en-US')}`,
    ...SHORT.map(([, read]) => formatTimeCell(read(group))),
  ]);
  return markdownTable(['hop', 'turns', 'ok', ...SHORT.map(([name]) => name)], rows, 2);
}

function figureTable({ groups }: Summary): string {
  const rows = groups.flatMap((group) =>
    FIGURES.filter(({ of }) => of(group).n > 0).map(({ label, of }) => [
      group.hop,
      CLASS_NAMES[group.class],
      label,
      ...figureCells(of(group)),
    ]),
  );
  return markdownTable(['hop', 'turns', 'metric', 'n', ...PERCENTILES], rows, 3);
}

function probeBlock({ verdicts }: Summary): string {
  return probeWords(verdicts)
    .map(({ hop, sentence, isGood, advice }) => {
      const verdict = isGood ? sentence : `**${sentence}**`;
      return [`Does it stream? ${hop}: ${verdict}.`, ...advice.map(markdownText)].join(' ');
    })
    .join('\n\n');
}

function headroomBlock({ headroom }: Summary): string {
  const rows = headroom.flatMap((one) =>
    gaugesOf(one).map(({ label, amount, warning, notes }) => [
      one.hop,
      label,
      markdownText(amount),
      [...(warning === undefined ? [] : [`**${markdownText(warning)}**.`]), ...notes.map(markdownText)].join(' '),
    ]),
  );
  return markdownTable(['hop', 'headroom', '', ''], rows);
}

function differenceBlock({ differences }: Summary): string {
  if (differences.length === 0) return '';
  const lines = differences.map((difference) => `- ${markdownText(differenceWords(difference))}`);
  return [...lines, '', DIFFERENCE_NOTE].join('\n');
}

function outcomeBlock({ outcomes }: Summary): string {
  const rows = outcomes.map((outcome) => [
    outcome.hop,
    outcome.count.toLocaleString('en-US'),
    markdownText(outcomeName(outcome)),
    markdownText(outcome.explanation ?? ''),
  ]);
  return markdownTable(['hop', 'turns', 'outcome', ''], rows);
}

function silenceBlock({ silences }: Summary): string {
  const rows = silences.map((silence) => [silence.hop, formatMs(silence.ms), markdownText(silencePlace(silence))]);
  return markdownTable(['hop', 'silence', ''], rows);
}

function costBlock({ run, summary: { cost } }: BenchReport): string {
  const leftOut = cost.leftOut.map((each) => `- ${markdownText(each)}`);
  return [`${costWords(cost)} ${markdownText(priceWords(run.prices))} Not included:`, '', ...leftOut].join('\n');
}

function runBlock({ run, summary }: BenchReport): string {
  const throughput: [string, string][] = summary.validity.valid
    ? [['throughput', throughputWords(summary.throughput)]]
    : [];
  const rows = [...describeRun(run), ...throughput].map((pair) => pair.map(markdownText));
  return markdownTable(['', ''], rows);
}

function clientBlock(report: BenchReport): string {
  return clientWords(report).map(markdownText).join('\n\n');
}

function details(title: string, ...blocks: readonly string[]): string {
  const filled = blocks.filter((block) => block !== '');
  if (filled.length === 0) return '';
  return ['<details>', `<summary>${title}</summary>`, ...filled, '</details>'].join('\n\n');
}
