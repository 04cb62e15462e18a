import type { Charts } from './blocks.ts';
import { gapData, type ThinnedGaps } from './gap-data.ts';
import { type ByteData, byteData, type CdfData, cdfData } from './line-data.ts';
import { html, type Markup } from './markup.ts';
import { streamsSection, tracedTurns } from './streams-section.ts';
import type { BenchReport } from '../../figures/report.ts';
import { formatSpan } from '../../../ui/format.ts';
import type { Hop } from '../../../stream/stream-part.ts';

/** Input of the page's script: plain data in a script element of the page. */
export type ChartData = ReturnType<typeof drawCharts>['data'];

/** All charts of a run: places into which the page's script draws, and the data for it. */
export function drawCharts(report: BenchReport) {
  const cdfs = cdfData(report);
  const gaps = gapData(report);
  const traced = tracedTurns(report);
  const bytes = byteData(traced);
  const streams = html`<p class="lead">Each lane is as long as its stream; the strokes below it are reads.</p>
    <div class="card">${streamsSection(traced)}</div>`;
  const charts: Charts = {
    ...(cdfs.length > 0 && { latency: cdfFigures(cdfs) }),
    ...(gaps && { gaps: gapFigure(gaps) }),
    ...(traced.length > 0 && { streams }),
    ...(bytes && { bytes: byteFigure(bytes) }),
  };
  return { charts, data: { cdfs, gaps: gaps?.data, bytes } };
}

/** Lines of a chart: its colour says the hop, its dashes the rest. */
function lineLegend(lines: readonly { readonly label: string; readonly hop: Hop; readonly dash: readonly number[] }[]): Markup {
  return html`<ul class="legend" aria-label="Lines">
    ${lines.map(
      ({ label, hop, dash }) =>
        html`<li>
          <svg class="line" viewBox="0 0 36 8" aria-hidden="true" data-hop="${hop}">
            <path d="M0 4H36" stroke-dasharray="${dash.join(' ')}" />
          </svg>
          ${label}
        </li>`,
    )}
  </ul>`;
}

const CDF_TITLES = { ttfb: 'First byte', ttft: 'First text', duration: 'Duration' } as const;

function cdfFigures(cdfs: readonly CdfData[]): Markup {
  const lines = cdfs.flatMap(({ series }) => series);
  const distinct = lines.filter(({ label }, index) => lines.findIndex((line) => line.label === label) === index);
  return html`<p class="lead">
      Classes of turns are kept apart: cold (a new environment of the function), new session, resumed and warm.
    </p>
    ${lineLegend(distinct)}
    <div class="charts">
      ${cdfs.map(({ metric, isLog, x }) =>
        figure({
          name: `cdf-${metric}`,
          title: `${CDF_TITLES[metric]}${isLog ? ', log scale' : ''}`,
          description: `Share of ok turns that took no longer than a time. The axis begins at ${isLog ? formatSpan(x[0] ?? 0) : '0'}.`,
          readout: 'Point at a line, or touch it, to read it.',
        }),
      )}
    </div>`;
}

function gapFigure({ data, all, drawn }: ThinnedGaps): Markup {
  const thinned =
    drawn === all
      ? `All ${all.toLocaleString('en-US')} are drawn`
      : `Of ${all.toLocaleString('en-US')} silences, the ${drawn.toLocaleString('en-US')} longest over time are drawn`;
  const limits = data.limits.map(({ label }) => label).join(', ');
  return figure({
    name: 'gaps',
    title: 'Longest silences over the time of the run',
    description: `The five longest of each stream. ${thinned}. ${limits === '' ? 'No idle limit is known.' : `Dashed: ${limits}.`}`,
    readout: 'Point at a silence, or touch it, to see of which turn it is and what came before it.',
  });
}

function byteFigure({ curves, limits }: ByteData): Markup {
  const dashed = limits.map(({ label }) => label).join(', ');
  const lines = dashed === '' ? '' : ` Red: ${dashed}, and 2 MB/s from there.`;
  return figure({
    name: 'bytes',
    title: 'Bytes of the largest answers',
    description: `Bytes of the body since the turn was sent.${lines}`,
    legend: lineLegend(curves),
    readout: 'Point at a line, or touch it, to read it.',
  });
}

interface Figure extends Readonly<Record<'name' | 'title' | 'description' | 'readout', string>> {
  readonly legend?: Markup;
}

/** @param readout shown until something is pointed at */
function figure({ name, title, description, legend, readout }: Figure): Markup {
  return html`<figure data-chart="${name}">
    <figcaption>
      <h3>${title}</h3>
      <p class="note" id="about-${name}">${description}</p>
    </figcaption>
    ${legend}
    <div class="plot" role="img" aria-label="Chart: ${title}" aria-describedby="about-${name}"></div>
    <output data-idle="${readout}">${readout}</output>
  </figure>`;
}
