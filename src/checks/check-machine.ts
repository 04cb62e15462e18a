import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { createTemplateRenderer } from '../stack/template-renderer.ts';
import { MAX_TEMPLATE_BYTES } from '../templates/render.ts';
import { type Check, failed, note, ok, warning } from './check.ts';

/** `engines` of package.json. */
const LEAST_NODE = [20, 19] as const;

/** The machine's prerequisites of a deploy: Node.js, and esbuild with a binary for this system. */
export async function* checkMachine(nodeVersion: string): AsyncGenerator<Check, void> {
  yield checkNode(nodeVersion);
  yield await checkBuild();
}

function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  const isEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return isEnough
    ? ok('node', `Node.js ${version}`)
    : failed('node', `Node.js ${version} is too old`, `install Node.js ${leastMajor}.${leastMinor} or newer`);
}

async function checkBuild(): Promise<Check> {
  const name = 'build';
  try {
    const { codeBytes, render } = await createTemplateRenderer();
    const bytes = Buffer.byteLength(render({}).body);
    const share = Math.round((bytes / MAX_TEMPLATE_BYTES) * 100);
    const size = `${codeBytes.toLocaleString('en-US')} bytes`;
    return ok(name, `the function builds (${size}), and its template fits (${share} % of what a request takes)`);
  } catch (error) {
    return failed(
      name,
      `the function cannot be built: ${(error as Error).message.split('\n', 1)[0]}`,
      "install again for this system, with optional dependencies: npm install -g agentstream (esbuild's binary is one of them)",
    );
  }
}

/** Signatures hold for five minutes (IAM user guide, "AWS Signature Version 4 for API requests"). */
const MAX_SKEW_MS = 300_000;
/** From here on it is worth a word. */
const NOTABLE_SKEW_MS = 60_000;

/**
 * Watches what time AWS says it is, in the answers to a client's calls.
 * @param nowMs this machine's clock, epoch ms
 * @returns a function that gives how far this clock is ahead, ms, positive or negative; undefined before the first answer
 */
export function watchClock(client: CloudFormationClient, nowMs: () => number): () => number | undefined {
  let aheadMs: number | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const sentMs = nowMs();
      const result = await next(args);
      const { headers } = result.response as { readonly headers?: Record<string, string> };
      const date = Date.parse(headers?.['date'] ?? '');
      // AWS cuts the second off; half of it, and half of the way there and back, is the best guess.
      if (!Number.isNaN(date)) aheadMs = (sentMs + nowMs()) / 2 - (date + 500);
      return result;
    },
    // Below the deserializer, which throws for errors: errors have a date as well.
    { step: 'deserialize', name: 'watchClock', priority: 'low' },
  );
  return () => aheadMs;
}

/** @param aheadMs this machine's clock before AWS's */
export function checkClock(aheadMs: number | undefined): Check {
  const name = 'clock';
  if (aheadMs === undefined) return note(name, 'the clock was not checked');
  const skewMs = Math.abs(aheadMs);
  if (skewMs < NOTABLE_SKEW_MS) return ok(name, 'the clock of this machine is right');
  const amount = skewMs < 120_000 ? `${Math.round(skewMs / 1_000)} s` : `${Math.round(skewMs / 60_000)} min`;
  const text = `the clock of this machine is ${amount} ${aheadMs > 0 ? 'ahead of' : 'behind'} AWS`;
  const cure = 'set the clock by NTP';
  return skewMs >= MAX_SKEW_MS ? failed(name, `${text}: signatures are refused`, cure) : warning(name, text, cure);
}
