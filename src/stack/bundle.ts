import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

/** The function's source. The same relative path holds in the source tree and in the built package. */
const ENTRY = fileURLToPath(new URL('../../lambda/handler.ts', import.meta.url));

export interface Bundle {
  /** One minified CommonJS file: inline Lambda code is always `index.js`, and so CommonJS. */
  readonly code: string;
  readonly bytes: number;
}

/** Builds the function. A matter of milliseconds, so it is done on every deploy instead of shipping a built file. */
export async function bundleHandler(): Promise<Bundle> {
  const result = await build({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    platform: 'node',
    // Older than the runtime it deploys to, so that the emulator can run it on the Node that runs the CLI.
    target: 'node20',
    format: 'cjs',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
    write: false,
  });
  const code = result.outputFiles[0]?.text ?? '';
  return { code, bytes: Buffer.byteLength(code) };
}
