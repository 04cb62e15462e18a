// Compiles src to dist, puts beside it what the compiler does not copy, and bundles the program that bin/ starts.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Of undici the program uses `Client` alone; its index would load fetch, WebSocket, caches and mocks.
 * @type {import('esbuild').Plugin}
 */
const clientOfUndici = {
  name: 'client-of-undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'client-of-undici' }));
    onLoad({ filter: /.*/, namespace: 'client-of-undici' }, () => ({
      contents:
        "export { default as Client } from './node_modules/undici/lib/dispatcher/client.js'",
      resolveDir: '.',
    }));
  },
};

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
rmSync('dist', { recursive: true, force: true });
const compiler = 'node_modules/typescript/bin/tsc';
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
cpSync('src/bench/report/html/style', 'dist/bench/report/html/style', { recursive: true });
await bundleProgram('dist/program');
// Last, so that its time tells when the build was complete.
writeFileSync('dist/templates/stack.json', JSON.stringify(await preparedTemplate()));

/** What a rendering needs of the template, so that the program parses no YAML to deploy. */
async function preparedTemplate() {
  const module = new URL('../dist/templates/prepare-template.js', import.meta.url);
  const { prepareTemplate } = await import(module.href);
  return prepareTemplate(readFileSync('src/templates/stack.yaml', 'utf8'));
}

/**
 * The program in few files: a command loads one or two chunks in place of up to 400 modules, and of each SDK only the calls that are
 * made. `npm run bench:start-up` tells what that is worth.
 * @param {string} folder
 */
async function bundleProgram(folder) {
  await build({
    stdin: {
      contents: `export { main } from './dist/cli.js';
        export { processTerminal } from './dist/ui/terminal.js';`,
      resolveDir: '.',
      sourcefile: 'program.js',
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Modules with static exports can be cut down to what is used.
    mainFields: ['module', 'main'],
    // It finds its own binary by the path of its module.
    external: ['esbuild'],
    // Names stay: a stack trace of a bug has to be read.
    minifyWhitespace: true,
    outdir: folder,
    entryNames: 'agentstream',
    chunkNames: '[name]-[hash]',
    // What is left of CommonJS calls `require` for modules of Node.js.
    banner: {
      js: "import{createRequire as createRequire_}from'node:module';const require=createRequire_(import.meta.url);",
    },
    plugins: [ownPlaces(folder), clientOfUndici],
    logLevel: 'warning',
  });
}

/**
 * A module that finds a file beside itself finds it from the bundle, too.
 * @param {string} folder
 * @returns {import('esbuild').Plugin}
 */
function ownPlaces(folder) {
  return {
    name: 'own-places',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]dist[\\/].*\.js$/, namespace: 'file' }, ({ path }) => {
        const place = relative(folder, path).replaceAll('\\', '/');
        if (path.includes('node_modules') || place.startsWith('../..')) return undefined;
        const contents = readFileSync(path, 'utf8').replaceAll(
          'import.meta.url',
          `new URL('${place}', import.meta.url).href`,
        );
        return { contents, resolveDir: dirname(path) };
      });
    },
  };
}
