import { html, type Markup } from './markup.ts';
import type { Hop } from '../../../stream/stream-part.ts';

/** Input of the page's script: plain data in a script element of the page. */
export interface ChartData {
  readonly cdfs: readonly CdfData[];
  readonly gaps: GapData | undefined;
  readonly bytes: ByteData | undefined;
}

/** Shares of turns by time, of one metric. */
export interface CdfData {
  readonly metric: 'ttfb' | 'ttft' | 'duration';
  /** ms, ascending. */
  readonly x: readonly number[];
  readonly isLog: boolean;
  readonly series: readonly CdfSeries[];
}

export interface CdfSeries {
  readonly label: string;
  /** Turns that are in it. */
  readonly n: number;
  readonly hop: Hop;
  /** Lengths of dash and gap, px; none: a solid line. */
  readonly dash: readonly number[];
  /** The first of `x` at which the line is drawn, and the percent of turns there and at each that follows. */
  readonly from: number;
  readonly y: readonly number[];
}

export interface GapData {
  readonly series: readonly GapSeries[];
  readonly limits: readonly { readonly label: string; readonly ms: number }[];
  /** Event types before the gaps; points refer to them by number. */
  readonly after: readonly string[];
}

export interface ThinnedGaps {
  readonly data: GapData;
  /** How many gaps there were to draw. */
  readonly all: number;
  readonly drawn: number;
}

export interface GapSeries {
  readonly label: string;
  /** `bad`: of streams that did not end well. */
  readonly kind: Hop | 'bad';
  /** When (s since the start of the run), how long (ms), turn, number in `after`; ascending by time. */
  readonly points: readonly (readonly [atS: number, ms: number, turn: number, after: number])[];
}

export interface ByteData {
  readonly curves: readonly ByteCurve[];
  readonly limits: readonly { readonly label: string; readonly bytes: number }[];
  /** Where the throttle begins to hold: a line of its throughput is drawn from here. */
  readonly throttle: { readonly atS: number; readonly bytes: number; readonly bytesPerSecond: number } | undefined;
}

export interface ByteCurve {
  readonly label: string;
  readonly hop: Hop;
  readonly dash: readonly number[];
  /** Seconds since sent, ascending; and bytes up to then. */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Lines of a chart: its colour says the hop, its dashes the rest. */
function lineLegend(
  lines: readonly { readonly label: string; readonly hop: Hop; readonly dash: readonly number[] }[],
): Markup {
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

/** Places of the charts of the distributions of times; the page's script draws into them. */
export function cdfFigures(cdfs: ChartData['cdfs']): Markup {
  const lines = cdfs.flatMap(({ series }) => series);
  const distinct = lines.filter(({ label }, index) => lines.findIndex((line) => line.label === label) === index);
  return html`${lineLegend(distinct)}
    <div class="charts">
      ${cdfs.map(({ metric, isLog }) =>
        figure({
          name: `cdf-${metric}`,
          title: `${CDF_TITLES[metric]}${isLog ? ', log scale' : ''}`,
          description: 'Share of ok turns that took no longer than a time.',
          readout: 'Point at a line to read it.',
        }),
      )}
    </div>`;
}

/** Place of the chart of gaps. */
export function gapFigure({ data, all, drawn }: ThinnedGaps): Markup {
  const thinned =
    drawn === all
      ? `All ${all.toLocaleString('en-US')} are drawn`
      : `Of ${all.toLocaleString('en-US')} gaps, the ${drawn.toLocaleString('en-US')} longest over time are drawn`;
  const limits = data.limits.map(({ label }) => label).join(', ');
  return figure({
    name: 'gaps',
    title: 'Gaps between reads over the time of the run',
    description: `The five longest of each stream. ${thinned}. ${limits === '' ? 'No idle limit is known.' : `Dashed: ${limits}.`}`,
    readout: 'Point at a gap to see of which turn it is and what came before it.',
  });
}

/** Place of the chart of byte curves. */
export function byteFigure({ curves, limits }: NonNullable<ChartData['bytes']>): Markup {
  const dashed = limits.map(({ label }) => label).join(', ');
  const lines = dashed === '' ? '' : ` Red: ${dashed}, and 2 MB/s from there.`;
  return figure({
    name: 'bytes',
    title: 'Bytes of the largest answers',
    description: `Bytes of the body since the turn was sent.${lines}`,
    legend: lineLegend(curves),
    readout: 'Point at a line to read it.',
  });
}

interface Figure {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly legend?: Markup;
  /** Shown until something is pointed at. */
  readonly readout: string;
}

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
