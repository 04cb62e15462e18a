// What is measured: processes that pass an agent's event stream on, each behind the same few calls.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRuntimeApi } from './runtime-api.js';

/**
 * @typedef {import('./agent-core.js').Shape} Shape
 *
 * @typedef {object} Usage
 * @property {number} cpuMicros
 * @property {number} rss
 * @property {number} heapBytes
 *
 * @typedef {object} Subject
 * @property {(shape: Shape, onChunk?: (chunk: Buffer) => void) => Promise<void>} stream one answer, read to its end
 * @property {() => Promise<Usage>} usage
 * @property {() => void} close
 */

const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
/** A core of its own, where the system can do that: the rest of the benchmark has the others. */
const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/**
 * @param {string} name
 * @param {Record<string, string>} env
 */
function start(name, env) {
  const node = [process.execPath, '--expose-gc', file(name)];
  const [command = '', ...args] = canPin ? ['taskset', '-c', '0', ...node] : node;
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const usage = async () =>
    await new Promise((resolve) => {
      child.once('message', resolve);
      child.send('usage');
    });
  return { child, usage };
}

/**
 * @param {string} code of the handler
 * @param {string} agentUrl
 * @param {'auto' | 'off'} flush
 * @returns {Promise<Subject>}
 */
export async function startHandler(code, agentUrl, flush) {
  const taskRoot = mkdtempSync(join(tmpdir(), 'bench-handler-'));
  writeFileSync(join(taskRoot, 'index.js'), code);
  writeFileSync(join(taskRoot, 'package.json'), '{"type":"commonjs"}');
  const api = await startRuntimeApi();
  const { child, usage } = start('run-handler.js', {
    AWS_LAMBDA_RUNTIME_API: api.address,
    LAMBDA_TASK_ROOT: taskRoot,
    AWS_ENDPOINT_URL: agentUrl,
    AGENT_RUNTIME_ARN: 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/a-0123456789',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    FLUSH_MODE: flush,
  });
  return {
    stream: (shape, onChunk = () => undefined) =>
      new Promise((resolve) => {
        const body = JSON.stringify({ prompt: 'go', ...shape });
        api.invoke(
          { httpMethod: 'POST', resource: '/invoke', headers: {}, body, isBase64Encoded: false },
          { onChunk, onEnd: resolve },
        );
      }),
    usage,
    close() {
      child.kill();
      api.close();
      rmSync(taskRoot, { recursive: true });
    },
  };
}

/**
 * @param {string} agentUrl
 * @returns {Promise<Subject>}
 */
export async function startProxy(agentUrl) {
  const { child, usage } = start('run-proxy.js', { AWS_ENDPOINT_URL: agentUrl });
  const port = await new Promise((resolve) => {
    child.once('message', (message) => resolve(/** @type {{ port: number }} */ (message).port));
  });
  return { ...direct(`http://127.0.0.1:${port}`), usage, close: () => child.kill() };
}

/**
 * An agent's stream with nothing on the way.
 *
 * @param {string} url
 */
export function direct(url) {
  const agent = new http.Agent({ keepAlive: true });
  return {
    /** @type {Subject['stream']} */
    stream: (shape, onChunk = () => undefined) =>
      new Promise((resolve, reject) => {
        const request = http.request(url, { method: 'POST', agent }, (response) => {
          response.on('data', onChunk);
          response.on('end', resolve);
        });
        request.on('error', reject);
        request.end(JSON.stringify(shape));
      }),
  };
}
