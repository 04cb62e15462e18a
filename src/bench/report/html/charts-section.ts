import type { ChartData } from './chart-data.ts';
import type { ThinnedGaps } from './gap-data.ts';
import { lineLegend } from './line-legend.ts';
import { html, type Markup } from './markup.ts';

const CDF_TITLES = { ttfb: 'First byte', ttft: 'First text', duration: 'Duration' } as const;

/** Places of the charts of the distributions of times; the page's script draws into them. */
export function cdfFigures(cdfs: ChartData['cdfs']): Markup {
  const lines = cdfs.flatMap(({ series }) => series);
  const distinct = lines.filter(
    ({ label }, index) => lines.findIndex((line) => line.label === label) === index,
  );
  return html`${lineLegend(distinct)}
    <div class="charts">
      ${cdfs.map(({ metric, isLog }) =>
        figure({
          name: `cdf-${metric}`,
          title: `${CDF_TITLES[metric]}${isLog ? ', log scale' : ''}`,
          description: 'Share of the ok turns that had it within a time.',
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
      : `Of ${all.toLocaleString('en-US')} the ${drawn.toLocaleString('en-US')} longest of each moment are drawn`;
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
    <div
      class="plot"
      role="img"
      aria-label="Chart: ${title}"
      aria-describedby="about-${name}"
    ></div>
    <output data-idle="${readout}">${readout}</output>
  </figure>`;
}
