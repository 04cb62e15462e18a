import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { BenchReport } from '../../figures/report.ts';
import type { ChartData } from './charts.ts';
import { html, type Markup, markupText, pageSection, scriptJson } from './markup.ts';
import { pageSections, resultHeader } from './page-sections.ts';
import { outcomeTable } from './tables.ts';
import { clientWords, describeResult, describeRun } from '../run-words.ts';

/** Script and style of the page, inlined so that it needs no other file. */
interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** The same relative paths hold in the source tree (.ts) and in the built package (.js). */
const SCRIPT = fileURLToPath(new URL(`page/page${extname(import.meta.url)}`, import.meta.url));
const STYLE = fileURLToPath(new URL('style/page.css', import.meta.url));

/** Bundles the page's script with uPlot, and its style sheet with that of uPlot. Some tens of milliseconds. */
function bundlePage(): PageAssets {
  return { script: bundle(SCRIPT), style: bundle(STYLE) };
}

function bundle(entry: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2020',
    format: 'iife',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
    // A tsconfig.json in a folder above must not change the bundle.
    tsconfigRaw: {},
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * A run as one page that needs nothing beside it: no server, no network, no other file. A run that is not valid shows why, how its
 * turns came out and how the client fared, and no other figure.
 * @returns HTML; some hundred kilobytes, however many turns there were
 */
export function renderBenchHtml(report: BenchReport): string {
  const { script, style } = bundlePage();
  const { summary } = report;
  const { sections, charts } = summary.validity.valid
    ? pageSections(report)
    : {
        sections: [pageSection('outcomes', 'Outcomes', undefined, outcomeTable(summary))],
        charts: undefined,
      };
  const body = html`<main>
    <p class="brand">agentstream bench</p>
    ${resultHeader(report)} ${sections} ${pageSection('client', 'This client', undefined, clientFacts(report))}
    ${pageSection('run', 'The run', undefined, runFacts(report))}
    <footer>One file that loads nothing. <code>--json</code> prints the whole report with every turn.</footer>
  </main>`;
  return `<!doctype html>
<html lang="en">
<head>
${markupText(headOf(report, script))}
<style>${style}</style>
</head>
<body>
${markupText(body)}
${charts === undefined ? '' : chartScripts(charts, script)}
</body>
</html>
`;
}

/** The script's element holds the script and nothing else: the policy names its hash. */
function chartScripts(charts: ChartData, script: string): string {
  const data = markupText(scriptJson(charts));
  return `<script type="application/json" id="chart-data">${data}</script>\n<script>${script}</script>`;
}

function headOf(report: BenchReport, script: string): Markup {
  const { type, counts } = describeResult(report);
  const hash = createHash('sha256').update(script).digest('base64');
  // Even if text of a server were taken for markup, it could neither run nor load anything.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'`;
  return html`<meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${type === 'valid' ? '' : 'INVALID: '}${counts} agentstream bench</title>
    <link rel="icon" href="data:," />`;
}

function clientFacts(report: BenchReport): Markup {
  return html`${clientWords(report).map((text) => html`<p>${text}</p>`)}`;
}

function runFacts({ run }: BenchReport): Markup {
  return html`<dl class="facts">
    ${describeRun(run).map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
