import { createTemplateRenderer } from '../stack/template-renderer.ts';
import { MAX_TEMPLATE_BYTES } from '../templates/render.ts';
import type { Finding } from './check.ts';

/** Of package.json, `engines`. */
const LEAST_NODE = [20, 19] as const;

/** What a deploy needs of this machine: Node.js, and esbuild with a binary for this system. */
export async function* checkMachine(nodeVersion: string): AsyncGenerator<Finding, undefined> {
  yield checkNode(nodeVersion);
  yield await checkBuild();
  return undefined;
}

function checkNode(version: string): Finding {
  const name = 'node';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return isEnough
    ? { name, status: 'ok', text: `Node.js ${version}` }
    : {
        name,
        status: 'failed',
        text: `Node.js ${version} is too old`,
        fix: `install Node.js ${leastMajor}.${leastMinor} or newer`,
      };
}

async function checkBuild(): Promise<Finding> {
  const name = 'build';
  try {
    const { codeBytes, render } = await createTemplateRenderer();
    const bytes = Buffer.byteLength(render({}));
    const share = Math.round((bytes / MAX_TEMPLATE_BYTES) * 100);
    const text = `the function builds (${codeBytes.toLocaleString('en-US')} bytes), and its template fits (${share} % of what a request takes)`;
    return { name, status: 'ok', text };
  } catch (error) {
    return {
      name,
      status: 'failed',
      text: `the function cannot be built: ${(error as Error).message.split('\n', 1)[0]}`,
      fix: "install again for this system, with optional dependencies: npm install -g agentstream (esbuild's binary is one of them)",
    };
  }
}
