// Compiles src to dist, puts beside it what the compiler does not copy, and bundles the program that bin/ starts.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/**
 * What packages load at once, though few commands need it: [file, what it says, what the bundle says].
 * @type {readonly (readonly [file: string, from: string | RegExp, to: string])[]}
 */
const LATE = [
  // Its subcommands are no programs of their own.
  ['commander/lib/command.js', "const childProcess = require('node:child_process');", ''],
  ['commander/lib/command.js', /\bchildProcess\./g, "require('node:child_process')."],
  // To parse the set of emoji takes V8 as long as Node.js takes to start. Text in ASCII needs neither.
  ['string-width/index.js', 'const segmenter = new Intl.Segmenter();', 'let segmenter;'],
  ['string-width/index.js', 'of segmenter.segment', 'of (segmenter ??= new Intl.Segmenter()).segment'],
  ['string-width/index.js', /const rgiEmojiRegex = .*/, 'let rgiEmojiRegex;'],
  ['string-width/index.js', 'rgiEmojiRegex.test', String.raw`(rgiEmojiRegex ??= new RegExp('^\\p{RGI_Emoji}$', 'v')).test`],
  // `Client` is given its header limit, sends no `IncomingMessage`, and speaks HTTP/1.1.
  ['undici/lib/dispatcher/client.js', "const http = require('node:http')", ''],
  [
    'undici/lib/dispatcher/client.js',
    /const getDefaultNodeMaxHeaderSize = [^]*?\n\n/,
    "const getDefaultNodeMaxHeaderSize = () => require('node:http').maxHeaderSize\n\n",
  ],
  ['undici/lib/dispatcher/client.js', "const connectH2 = require('./client-h2.js')", ''],
  ['undici/lib/dispatcher/client.js', '? connectH2(', "? require('./client-h2.js')("],
  ['undici/lib/core/util.js', "const { IncomingMessage } = require('node:http')", ''],
  ['undici/lib/core/util.js', '=== IncomingMessage', "?.name === 'IncomingMessage'"],
];

/** @type {import('rolldown').Plugin} */
const lateLoading = {
  name: 'late-loading',
  transform: {
    filter: { id: /[\\/]node_modules[\\/](commander|string-width|undici)[\\/]/ },
    handler(code, path) {
      const file = path.replaceAll('\\', '/');
      const rules = LATE.filter(([end]) => file.endsWith(`/node_modules/${end}`));
      return rules.reduce(replaceOrThrow, code);
    },
  },
};

/**
 * `program` is what bin/ starts. Of undici the program uses `Client` alone: its index would load fetch, WebSocket, caches and mocks.
 * @type {Readonly<Record<string, string>>}
 */
const VIRTUAL_MODULES = {
  program: `export { main } from ${pathOf('dist/cli.js')};
    export { processTerminal } from ${pathOf('dist/ui/terminal.js')};`,
  undici: `export { default as Client } from ${pathOf('node_modules/undici/lib/dispatcher/client.js')};`,
  // Loaded only where a proxy is set. Its index would put `request` and `connect` on each dispatcher.
  'undici-proxy': `import Dispatcher from ${pathOf('node_modules/undici/lib/dispatcher/dispatcher.js')};
    import api from ${pathOf('node_modules/undici/lib/api/index.js')};
    Object.assign(Dispatcher.prototype, api);
    export { default as EnvHttpProxyAgent } from ${pathOf('node_modules/undici/lib/dispatcher/env-http-proxy-agent.js')};`,
};

/** @type {import('rolldown').Plugin} */
const virtualModules = {
  name: 'virtual-modules',
  resolveId(id, importer) {
    const name = id === 'undici' && importer?.endsWith('proxied-request.js') ? 'undici-proxy' : id;
    return Object.hasOwn(VIRTUAL_MODULES, name) ? `\0${name}` : undefined;
  },
  load: (id) => VIRTUAL_MODULES[id.slice(1)],
};

rmSync('dist', { recursive: true, force: true });
const compiler = 'node_modules/typescript/bin/tsc';
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
for (const data of ['bench/artillery/test-readme.md', 'bench/report/html/style', 'emulator/kernel/schema-permissions.json']) {
  cpSync(`src/${data}`, `dist/${data}`, { recursive: true });
}
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
 * The program in CommonJS, which starts faster than ES modules do: a command loads the chunks that it needs in place of up to 400
 * modules, and of each SDK only the calls that are made. `npm run bench:start-up` tells what that is worth.
 * @param {string} folder
 */
async function bundleProgram(folder) {
  const bundle = await rolldown({
    input: { agentstream: 'program' },
    platform: 'node',
    // It finds its own binary by the path of its module.
    external: ['esbuild'],
    // Modules with static exports can be cut down to what is used.
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20.19' },
    plugins: [virtualModules, ownPlaces(folder), lateLoading],
    checks: { ineffectiveDynamicImport: false },
  });
  await bundle.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    // White space alone: a stack trace of a bug has to be read.
    minify: { compress: false, mangle: false, codegen: true },
  });
}

/**
 * A module that finds a file beside itself finds it from the bundle, too.
 * @param {string} folder
 * @returns {import('rolldown').Plugin}
 */
function ownPlaces(folder) {
  return {
    name: 'own-places',
    transform: {
      filter: { id: { include: /[\\/]dist[\\/].*\.js$/, exclude: /node_modules/ } },
      handler(code, path) {
        const place = relative(folder, path).replaceAll('\\', '/');
        return code.replaceAll(
          'import.meta.url',
          `require('node:url').pathToFileURL(require('node:path').join(__dirname, '${place}')).href`,
        );
      },
    },
  };
}

/** @param {string} file */
function pathOf(file) {
  return JSON.stringify(resolve(file));
}

/**
 * @param {string} text
 * @param {(typeof LATE)[number]} rule
 */
function replaceOrThrow(text, [file, from, to]) {
  const changed = text.replace(from, () => to);
  if (changed === text) throw new Error(`${file} does not hold ${from}`);
  return changed;
}
