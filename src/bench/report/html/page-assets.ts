import { buildSync } from 'esbuild';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What makes the page work without anything beside it. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** The same relative paths hold in the source tree (.ts) and in the built package (.js). */
const SCRIPT = fileURLToPath(new URL(`page/page${extname(import.meta.url)}`, import.meta.url));
const STYLE = fileURLToPath(new URL('style/page.css', import.meta.url));

/** Bundles the page's script with uPlot, and its style sheet with that of uPlot. Some tens of milliseconds. */
export function bundlePage(): PageAssets {
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
    // Whatever lies in the folders above is not ours.
    tsconfigRaw: {},
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
