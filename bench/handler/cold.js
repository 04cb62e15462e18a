// The cold path: from the import of the handler to the first byte of its first answer, beside a handler that bundles the SDK.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { startAgentCore } from './agent-core.js';
import { startRuntimeApi } from './runtime-api.js';
import { median } from './statistics.js';

const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const SHAPE = { events: 1, bytes: 100, everyMs: 0 };

/** The reference, bundled as the deployed handler is. */
export async function bundleSdkHandler() {
  const { outputFiles } = await build({
    entryPoints: [file('sdk-handler.js')],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'silent',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * @param {Record<'ours' | 'sdk', string>} codes
 * @param {number} rounds
 */
export async function measureCold(codes, rounds) {
  const agentCore = await startAgentCore();
  /** @type {Record<string, { importMs: number, firstByteMs: number, cpuMs: number }[]>} */
  const results = { ours: [], sdk: [] };
  try {
    // The first of each warms the disk cache.
    for (let round = -1; round < rounds; round += 1) {
      for (const [name, code] of Object.entries(codes)) {
        const result = await runCold(code, agentCore.url);
        if (round >= 0) results[name]?.push(result);
      }
    }
  } finally {
    agentCore.close();
  }
  const of = (/** @type {string} */ name) => ({
    importMs: median((results[name] ?? []).map(({ importMs }) => importMs)),
    firstByteMs: median((results[name] ?? []).map(({ firstByteMs }) => firstByteMs)),
    cpuMs: median((results[name] ?? []).map(({ cpuMs }) => cpuMs)),
  });
  const ratioOf = (/** @type {'importMs' | 'firstByteMs' | 'cpuMs'} */ what) =>
    median((results['ours'] ?? []).map((ours, round) => ours[what] / (results['sdk']?.[round]?.[what] ?? Number.NaN)));
  return {
    ours: of('ours'),
    sdk: of('sdk'),
    ratios: { importMs: ratioOf('importMs'), firstByteMs: ratioOf('firstByteMs'), cpuMs: ratioOf('cpuMs') },
  };
}

/**
 * @param {string} code
 * @param {string} agentUrl
 */
async function runCold(code, agentUrl) {
  const taskRoot = mkdtempSync(join(tmpdir(), 'bench-cold-'));
  writeFileSync(join(taskRoot, 'index.js'), code);
  writeFileSync(join(taskRoot, 'package.json'), '{"type":"commonjs"}');
  const api = await startRuntimeApi();
  try {
    const body = JSON.stringify({ prompt: 'go', ...SHAPE });
    const event = { httpMethod: 'POST', resource: '/invoke', headers: {}, body };
    api.invoke(event, { onChunk: () => undefined, onEnd: () => undefined });
    const { stdout } = await promisify(execFile)(process.execPath, [file('run-cold.js')], {
      env: {
        AWS_LAMBDA_RUNTIME_API: api.address,
        LAMBDA_TASK_ROOT: taskRoot,
        AWS_ENDPOINT_URL: agentUrl,
        AWS_REGION: 'us-east-1',
        AGENT_RUNTIME_ARN: 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/a-0123456789',
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_SESSION_TOKEN: 'token',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
    });
    return JSON.parse(stdout);
  } finally {
    api.close();
    rmSync(taskRoot, { recursive: true });
  }
}
