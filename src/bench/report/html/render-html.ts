import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { BenchReport } from '../../figures/report.ts';
import { sectionMarkup } from './blocks.ts';
import { type ChartData, drawCharts } from './charts.ts';
import { html, type Markup, markupText, scriptJson } from './markup.ts';
import type { ReportDocument } from '../document.ts';
import { keepUnits } from '../../../ui/wrap-text.ts';
import { reportDocument } from '../report-document.ts';
import { loadWords, targetWords } from '../run-words.ts';
import { printable } from '../../../ui/sanitize.ts';

/** The same relative paths hold in the source tree (.ts) and in the built package (.js). */
const SCRIPT = fileURLToPath(new URL(`page/page${extname(import.meta.url)}`, import.meta.url));
const STYLE = fileURLToPath(new URL('style/page.css', import.meta.url));

/** The page's script with uPlot, or its style sheet with that of uPlot. Some tens of milliseconds. */
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

/** A run as one page that loads nothing, script and style included; an invalid one shows no figures. @returns some hundred kB, however many turns */
export function renderBenchHtml(report: BenchReport): string {
  const [script, style] = [bundle(SCRIPT), bundle(STYLE)];
  const document = reportDocument(report);
  const { charts, data } = report.summary.validity.valid ? drawCharts(report) : { charts: {}, data: undefined };
  const body = html`<main>
    <p class="brand">agentstream bench</p>
    ${headerOf(report, document)} ${document.sections.map((section) => sectionMarkup(section, charts))}
    <footer>One file that loads nothing. <code>--json</code> prints the whole report with every turn.</footer>
  </main>`;
  return `<!doctype html>
<html lang="en">
<head>
${markupText(headOf(document, script))}
<style>${style}</style>
</head>
<body>
${markupText(body)}
${data === undefined ? '' : chartScripts(data, script)}
</body>
</html>
`;
}

/** The result, and against what it was measured; an invalid run has its reasons in a banner. */
function headerOf({ run }: BenchReport, { headline, reasons }: ReportDocument): Markup {
  const { target, plan, startedAt } = run;
  const against = target ? [targetWords(target), target.agent && `agent ${printable(target.agent)}`] : [];
  const parts = [...against, loadWords(plan), plan.hops.join(', '), `started ${startedAt}`];
  const about = html`<p class="lead">${parts.filter(Boolean).join('; ')}</p>`;
  const title = html`<h1>${keepUnits(headline.text)}</h1>`;
  if (reasons.length === 0) return html`${title} ${about}`;
  return html`<div class="banner bad" role="alert">
      ${title}
      <ul>
        ${reasons.map((reason) => html`<li>${reason}</li>`)}
      </ul>
    </div>
    ${about}`;
}

/** The script's element holds the script and nothing else: the policy names its hash. */
function chartScripts(charts: ChartData, script: string): string {
  const data = markupText(scriptJson(charts));
  return `<script type="application/json" id="chart-data">${data}</script>\n<script>${script}</script>`;
}

function headOf({ headline }: ReportDocument, script: string): Markup {
  const hash = createHash('sha256').update(script).digest('base64');
  // Even if text of a server were taken for markup, it could neither run nor load anything.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'`;
  return html`<meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${headline.text} agentstream bench</title>
    <link rel="icon" href="data:," />`;
}
