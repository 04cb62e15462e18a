import type { BenchReport, Cost } from '../figures/report.ts';
import type { Block, ReportDocument, Section, Sentence } from './document.ts';
import { gaugesOf } from './headroom.ts';
import { headlineOf, tilesOf } from './headline.ts';
import { differenceBlocks, probeBlock } from './hops.ts';
import { outcomeTable, silenceTable, thresholdTable } from './outcomes.ts';
import { clientSentences, leftOutSentences, runTable } from './run-words.ts';
import { overviewTable, throughputBlock, timeBars, timesBlocks } from './times.ts';
import { formatUsd } from '../../ui/format.ts';

/** All that a run has to say. One that is not valid says why, how its turns came out and how the client fared, and no other figure. */
export function reportDocument(report: BenchReport): ReportDocument {
  const { run, summary } = report;
  const { validity, groups, headroom } = summary;
  const leftOut: Block = { type: 'sentences', sentences: leftOutSentences(report) };
  const section = (id: string, title: string, blocks: readonly Block[], isFolded = false): Section => {
    return { id, title, blocks, isFolded };
  };
  const figures = validity.valid
    ? [
        section('result', '', [{ type: 'tiles', tiles: tilesOf(summary) }, leftOut]),
        section('thresholds', 'Thresholds', [thresholdTable(summary)]),
        section('verdicts', 'Does it stream?', [probeBlock(summary)]),
        section('overview', 'Turns', groups.length === 0 ? [] : [overviewTable(groups)]),
        section('headroom', 'Headroom', [{ type: 'gauges', hops: headroom.map(gaugesOf) }]),
        section('latency', 'Latency', [{ type: 'chart', chart: 'latency' }, ...timeBars(report, 'first byte')]),
        section('hops', 'What the hops add', differenceBlocks(summary), true),
        section('gaps', 'Silence', [{ type: 'chart', chart: 'gaps' }, ...timeBars(report, 'silences')]),
        section('silences', 'Longest silences', [silenceTable(summary)], true),
        section('streams', 'Single streams', [{ type: 'chart', chart: 'streams' }]),
        section('bytes', 'Byte curves', [{ type: 'chart', chart: 'bytes' }]),
        section('times', 'All times', timesBlocks(summary), true),
        section('throughput', 'Throughput', [throughputBlock(summary)], true),
        section('outcomes', 'Outcomes', [outcomeTable(summary)], true),
        section('cost', 'Cost', costBlocks(report), true),
      ]
    : [section('result', '', [leftOut]), section('outcomes', 'Outcomes', [outcomeTable(summary)])];
  return {
    headline: headlineOf(report),
    reasons: validity.valid ? [] : validity.reasons,
    sections: [
      ...figures,
      section('client', 'This client', [{ type: 'sentences', sentences: clientSentences(report) }], true),
      section('run', 'The run', [runTable(run)], true),
    ],
  };
}

function costBlocks({ run: { prices }, summary: { cost } }: BenchReport): Block[] {
  const note = (text: string): Sentence => ({ text, tone: 'note' });
  return [
    { type: 'sentences', sentences: [{ text: `${costWords(cost)}.` }] },
    {
      type: 'table',
      label: 'Cost by part',
      columns: [{ name: 'part' }, { name: 'amount', kind: 'number' }, { name: 'quantity', kind: 'rest' }],
      rows: cost.parts.map(({ name, amount, quantity }) => ({ cells: [name, formatUsd(amount), quantity] })),
    },
    {
      type: 'sentences',
      sentences: [note(`Estimated with the list prices of ${prices.asOf} in ${prices.region}. Not included:`)],
    },
    { type: 'sentences', sentences: cost.leftOut.map(note), isList: true },
  ];
}

/** `$0.0123 in all; $0.061 per 1,000 turns, $0.000062 per good stream` */
export function costWords({ total, perThousandTurns, perGoodStream }: Cost): string {
  const good = perGoodStream === undefined ? '' : `, ${formatUsd(perGoodStream)} per good stream`;
  return `${formatUsd(total)} in all; ${formatUsd(perThousandTurns)} per 1,000 turns${good}`;
}
