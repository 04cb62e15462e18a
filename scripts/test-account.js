// Runs test/conformance/run.ts on any Node.js that we support: bundled, with `dist` in the place of `src`, where modules find the files
// beside them.
import { mkdirSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** @type {import('esbuild').Plugin} */
const builtSources = {
  name: 'built-sources',
  setup({ onResolve }) {
    onResolve({ filter: /\/src\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const built = relative('src', resolve(resolveDir, path)).replace(/\.ts$/, '.js');
      return { path: pathToFileURL(resolve('dist', built)).href, external: true };
    });
  },
};

// Within the project, so that its packages are found.
const outfile = resolve('node_modules/.cache/agentstream/test-account.mjs');
mkdirSync(resolve(outfile, '..'), { recursive: true });
await build({
  entryPoints: ['test/conformance/run.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  packages: 'external',
  plugins: [builtSources],
  outfile,
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = await main(process.argv.slice(2));
