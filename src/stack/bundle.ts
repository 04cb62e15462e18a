import type { BuildFailure, BuildOptions, Metafile } from 'esbuild';
import { brotliCompressSync } from 'node:zlib';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OperationError, UsageError } from '../cli/errors.ts';

/** The function's source, at the same relative path in the source tree and in the built package. */
const ENTRY = fileURLToPath(new URL('../../lambda/handler.ts', import.meta.url));

/** The export that `Handler` names in the template. */
const HANDLER_EXPORT = 'handler';

const OPTIONS = {
  bundle: true,
  minify: true,
  platform: 'node',
  // Older than the runtime it deploys to, so that the emulator can run it on the Node that runs the CLI.
  target: 'node20',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'silent',
  write: false,
  metafile: true,
} satisfies BuildOptions;

/** Our function by one export of its own: those of a module come with 400 bytes of code, and the template is short of room. */
const OURS = {
  stdin: {
    contents: `import { ${HANDLER_EXPORT} } from ${JSON.stringify(ENTRY)}; exports.${HANDLER_EXPORT} = ${HANDLER_EXPORT};`,
    resolveDir: dirname(ENTRY),
  },
  absWorkingDir: dirname(dirname(ENTRY)),
} satisfies BuildOptions;

/**
 * Builds the function. It takes milliseconds, so every deploy builds it and the package ships no built file.
 * @returns `code`: one minified CommonJS file, since inline Lambda code is always `index.js`
 * @param file the user's own handler (`--handler`), which exports `handler`; by default ours
 * @param isReadable for people: not minified
 * @throws {UsageError} HANDLER_NOT_FOUND, HANDLER_WITHOUT_EXPORT
 * @throws {OperationError} HANDLER_BUILD_FAILED with the place and the reason
 */
export async function bundleHandler(file?: string, isReadable = false) {
  const entry = file === undefined ? ENTRY : resolve(file);
  if (file !== undefined) await checkHandler(file, entry);
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    ...(file === undefined ? OURS : { entryPoints: [entry] }),
    format: 'cjs',
    minify: !isReadable,
  });
  const code = outputFiles[0]?.text ?? '';
  return { code, bytes: Buffer.byteLength(code), parts: partsOf(metafile) };
}

/** Where the function finds itself: a stack trace names this file. */
const UNPACKED = '/var/task/function.js';

/**
 * Code that unpacks and runs the given code, a CommonJS module. A template holds 51,200 bytes, and code is a third of its size in Brotli
 * and Base64. It is compiled as a file of its own, so that stack traces have its lines; `import()` works as in any module.
 */
export function packCode(code: string): string {
  const packed = brotliCompressSync(code).toString('base64');
  return `// Compressed: agentstream template --code prints it as it is written.
const vm = require('node:vm');
const code = require('node:zlib').brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString();
vm.compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'], {
  filename: '${UNPACKED}',
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})(exports, require, module, __filename, __dirname);
`;
}

/** esbuild lists the exports of ES modules only, so the file is built as one first. */
async function checkHandler(file: string, entry: string): Promise<void> {
  if (!existsSync(entry)) {
    throw new UsageError('HANDLER_NOT_FOUND', `there is no file ${file}`, {
      hint: '--handler takes a TypeScript or JavaScript file that exports `handler`',
    });
  }
  const { build } = await import('esbuild');
  const { metafile } = await build({ ...OPTIONS, entryPoints: [entry], format: 'esm' }).catch((error: BuildFailure) => {
    throw buildFailed(file, error);
  });
  const names = Object.values(metafile.outputs)[0]?.exports ?? [];
  // `default` alone is a CommonJS module: its exports show only when it runs.
  if (names.includes(HANDLER_EXPORT) || names.join() === 'default') return;
  const found = names.length === 0 ? 'nothing' : names.join(', ');
  throw new UsageError('HANDLER_WITHOUT_EXPORT', `${file} exports ${found}, and no handler`, {
    hint: 'export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ... })',
  });
}

function buildFailed(file: string, error: BuildFailure): OperationError {
  const [first, ...others] = error.errors ?? [];
  const { location, text = error.message } = first ?? {};
  const place = location ? `${location.file}:${location.line}:${location.column}` : file;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return new OperationError('HANDLER_BUILD_FAILED', `${place}: ${text}${more}`, { cause: error });
}

/** Packages, and files outside any package, with their share of the code; the largest first. */
function partsOf({ outputs }: Metafile) {
  const sizes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(Object.values(outputs)[0]?.inputs ?? {})) {
    const inner = path.split('node_modules/').at(-1) ?? path;
    const name = inner === path ? path : inner.split('/', inner.startsWith('@') ? 2 : 1).join('/');
    sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  return [...sizes].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}
