import type { BenchReport } from '../../figures/report.ts';
import { describeResult, headlineGroup, INVALID_WORDS } from '../bench-result.ts';
import { describeLeftOut, describeRun } from '../bench-run-words.ts';
import { CLASS_NAMES } from '../bench-names.ts';
import { formatMs, formatShare, formatSpan } from '../../../ui/format.ts';
import { throughputWords } from '../bench-throughput-words.ts';
import { html, type Markup } from './markup.ts';

/** The result in plain words, the figures that matter most, and what is in no figure. */
export function resultHeader(report: BenchReport): Markup {
  const result = describeResult(report);
  const leftOut = html`<ul class="left-out">
    ${describeLeftOut(report).map(
      ({ text, isTrouble }) => html`<li${isTrouble ? html` class="warn"` : undefined}>${text}</li>`,
    )}
  </ul>`;
  const { load, started } = Object.fromEntries(describeRun(report.run));
  const about = html`<p class="lead">
    ${load}; ${report.run.plan.hops.join(', ')}; started ${started}
  </p>`;
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
