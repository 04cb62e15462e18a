import { WARNED_SHARES } from '../../figures/headroom.ts';
import type { BenchReport } from '../../figures/report.ts';
import { byteData, cdfData } from './line-data.ts';
import { byteFigure, cdfFigures, type ChartData, gapFigure } from './charts.ts';
import { gapData } from './gap-data.ts';
import { differencesSection, headroomSection, probeSection } from './hop-sections.ts';
import { html, type Markup, pageSection } from './markup.ts';
import { tracedTurns } from './stream-marks.ts';
import { streamsSection } from './streams-section.ts';
import { costSection, figureTables, outcomeTable, silenceTable, thresholdTable } from './tables.ts';
import { CLASS_NAMES } from '../names.ts';
import { describeLeftOut, describeResult, describeRun, headlineGroup, INVALID_WORDS } from '../run-words.ts';
import { throughputWords } from '../times.ts';
import { formatMs, formatShare, formatSpan } from '../../../ui/format.ts';

export interface PageSections {
  readonly sections: readonly Markup[];
  /** Data of the charts in them. */
  readonly charts: ChartData;
}

/** All that a valid run has to show, in the order of the page. A section without anything in it is left out. */
export function pageSections(report: BenchReport): PageSections {
  const { summary } = report;
  const cdfs = cdfData(report);
  const gaps = gapData(report);
  const traced = tracedTurns(report);
  const bytes = byteData(traced);
  const sections = [
    summary.thresholds.length > 0 && pageSection('thresholds', 'Thresholds', undefined, thresholdTable(summary)),
    summary.verdicts.length > 0 && pageSection('verdicts', 'Does it stream?', undefined, probeSection(summary)),
    summary.headroom.length > 0 &&
      pageSection(
        'headroom',
        'Headroom',
        `How close the streams came to their limits. The marks are at ${formatShare(WARNED_SHARES.half)} and ${formatShare(WARNED_SHARES.near)} of a limit, where warnings begin.`,
        headroomSection(summary),
      ),
    cdfs.length > 0 &&
      pageSection(
        'latency',
        'Latency',
        'Classes of turns are kept apart: cold (a new environment of the function), new session, resumed and warm.',
        cdfFigures(cdfs),
      ),
    summary.differences.length > 0 &&
      pageSection('hops', 'What the hops add', undefined, html`<div class="card">${differencesSection(summary)}</div>`),
    gaps !== undefined && pageSection('gaps', 'Silence', undefined, gapsContent(report, gaps)),
    traced.length > 0 &&
      pageSection(
        'streams',
        'Single streams',
        'Each lane is as long as its stream; the strokes below it are reads.',
        html`<div class="card">${streamsSection(traced)}</div>`,
      ),
    bytes !== undefined && pageSection('bytes', 'Byte curves', undefined, byteFigure(bytes)),
    summary.groups.length > 0 && pageSection('times', 'All times', undefined, figureTables(summary)),
    pageSection('outcomes', 'Outcomes', undefined, outcomeTable(summary)),
    pageSection('cost', 'Cost', undefined, costSection(report)),
  ];
  return {
    sections: sections.filter((section) => section !== false),
    charts: { cdfs, gaps: gaps?.data, bytes },
  };
}

function gapsContent({ summary }: BenchReport, gaps: NonNullable<ReturnType<typeof gapData>>): Markup {
  return html`${gapFigure(gaps)}
    <h3 class="below">The longest silences</h3>
    ${silenceTable(summary)}`;
}

/** The result in plain words, the figures that matter most, and what is in no figure. */
export function resultHeader(report: BenchReport): Markup {
  const result = describeResult(report);
  const leftOut = html`<ul class="left-out">
    ${describeLeftOut(report).map(
      ({ text, isTrouble }) => html`<li${isTrouble ? html` class="warn"` : undefined}>${text}</li>`,
    )}
  </ul>`;
  const { load, started } = Object.fromEntries(describeRun(report.run));
  const about = html`<p class="lead">${load}; ${report.run.plan.hops.join(', ')}; started ${started}</p>`;
  if (result.type === 'valid') {
    return html`<h1>${keepUnits(`${result.counts} ${result.speed}`)}</h1>
      ${about} ${tiles(report)}${leftOut}`;
  }
  return html`<h1>${result.counts}</h1>
    ${about}
    <div class="banner bad" role="alert">
      <p><b>${INVALID_WORDS}</b></p>
      <ul>
        ${result.reasons.map((reason) => html`<li>${reason}</li>`)}
      </ul>
    </div>
    ${leftOut}`;
}

/** A number and its unit stay on one line. */
function keepUnits(text: string): string {
  return text.replaceAll(/(\d) (?=(?:ms|s|min|%)(?!\w))/g, '$1\u00A0');
}

interface Tile {
  readonly label: string;
  readonly value: string;
  readonly detail: string;
}

function tiles({ summary }: BenchReport): Markup {
  return html`<dl class="tiles">
    ${tilesOf(summary).map(
      ({ label, value, detail }) =>
        html`<div>
          <dt>${label}</dt>
          <dd><b>${value}</b><span>${detail}</span></dd>
        </div>`,
    )}
  </dl>`;
}

function tilesOf(summary: BenchReport['summary']): Tile[] {
  const { counts, headroom, throughput } = summary;
  const group = headlineGroup(summary);
  const where = group ? `${group.hop}, ${CLASS_NAMES[group.class]}` : '';
  const times = (['ttfb', 'ttft'] as const).flatMap((metric) => {
    const { n, p50, p95 } = group?.[metric] ?? { n: 0 };
    const value = p95 ?? p50;
    if (value === undefined) return [];
    const name = metric === 'ttfb' ? 'First byte' : 'First text';
    const percentile = p95 === undefined ? 'p50' : 'p95';
    return [
      {
        label: `${name}, ${percentile}`,
        value: formatMs(value),
        detail: `${where}, n ${n.toLocaleString('en-US')}`,
      },
    ];
  });
  const first = headroom.find(({ hop }) => hop === group?.hop) ?? headroom[0];
  const silence = first?.longest && {
    label: 'Longest silence',
    value: formatMs(first.longest.ms),
    detail:
      first.idleLimitMs === undefined
        ? `${first.hop}, no limit known`
        : `${first.hop}, of ${formatSpan(first.idleLimitMs)} (${formatShare(first.longest.ms / first.idleLimitMs)})`,
  };
  const [turns = '', ...rest] = throughputWords(throughput).split(', ');
  return [
    {
      label: 'Turns ok',
      value: counts.sent === 0 ? '-' : formatShare(counts.ok / counts.sent),
      detail: `${counts.ok.toLocaleString('en-US')} of ${counts.sent.toLocaleString('en-US')}`,
    },
    ...times,
    ...(silence ? [silence] : []),
    { label: 'Throughput', value: turns.replace(' good', ''), detail: rest.join(', ') },
  ];
}
