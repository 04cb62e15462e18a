import type { BenchReport } from '../../figures/report.ts';
import { byteData } from './byte-data.ts';
import { cdfData } from './cdf-data.ts';
import type { ChartData } from './chart-data.ts';
import { byteFigure, cdfFigures, gapFigure } from './charts-section.ts';
import { figureTables } from './figure-tables.ts';
import { gapData } from './gap-data.ts';
import { headroomSection } from './headroom-section.ts';
import { differencesSection, probeSection } from './hops-section.ts';
import { html, type Markup } from './markup.ts';
import { costSection, outcomeTable, silenceTable, thresholdTable } from './outcome-tables.ts';
import { pageSection } from './page-section.ts';
import { streamsSection } from './streams-section.ts';
import { tracedTurns } from './traced-turns.ts';

export interface PageSections {
  readonly sections: readonly Markup[];
  /** What the script draws into them. */
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
    summary.thresholds.length > 0 &&
      pageSection('thresholds', 'Thresholds', undefined, thresholdTable(summary)),
    summary.verdicts.length > 0 &&
      pageSection('verdicts', 'Does it stream?', undefined, probeSection(summary)),
    summary.headroom.length > 0 &&
      pageSection(
        'headroom',
        'Headroom',
        'How near the streams came to the limits of their way. The marks are at half and at 80 % of a limit, where warnings begin.',
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
      pageSection(
        'hops',
        'What the hops add',
        undefined,
        html`<div class="card">${differencesSection(summary)}</div>`,
      ),
    gaps !== undefined && pageSection('gaps', 'Silence', undefined, gapsContent(report, gaps)),
    traced.length > 0 &&
      pageSection(
        'streams',
        'Single streams',
        'Each lane is as long as its stream; the strokes below it are reads.',
        html`<div class="card">${streamsSection(traced)}</div>`,
      ),
    bytes !== undefined && pageSection('bytes', 'Byte curves', undefined, byteFigure(bytes)),
    summary.groups.length > 0 &&
      pageSection('times', 'All times', undefined, figureTables(summary)),
    pageSection('outcomes', 'Outcomes', undefined, outcomeTable(summary)),
    pageSection('cost', 'Cost', undefined, costSection(report)),
  ];
  return {
    sections: sections.filter((section) => section !== false),
    charts: { cdfs, gaps: gaps?.data, bytes },
  };
}

function gapsContent(
  { summary }: BenchReport,
  gaps: NonNullable<ReturnType<typeof gapData>>,
): Markup {
  return html`${gapFigure(gaps)}
    <h3 class="below">The longest silences</h3>
    ${silenceTable(summary)}`;
}
