// One cold start: all that a runtime has loaded and done when it turns to the handler is done first, and then the clock runs, from
// the import of the handler to the first byte of its first answer. Prints {"importMs", "firstByteMs", "cpuMs"}.
import { awslambda } from '../../src/emulator/lambda/runtime/awslambda.mjs';
import { loadHandler } from '../../src/emulator/lambda/runtime/load-handler.mjs';
import { openResponseStream } from '../../src/emulator/lambda/runtime/response-stream.mjs';
import { createRuntimeClient } from '../../src/emulator/lambda/runtime/runtime-client.mjs';

const { env } = process;
Object.assign(globalThis, { awslambda });
const client = createRuntimeClient(env['AWS_LAMBDA_RUNTIME_API'] ?? '');
const { headers, body } = await client.next();
const awsRequestId = String(headers['lambda-runtime-aws-request-id']);
const { stream, answered } = openResponseStream(client, awsRequestId);
const write = stream['write'];
const event = JSON.parse(body);

const cpu = process.cpuUsage();
const startedAt = performance.now();
const handler = await loadHandler(env['LAMBDA_TASK_ROOT'] ?? '', 'index.handler');
const importMs = performance.now() - startedAt;

stream['write'] = (/** @type {string | Uint8Array} */ chunk) => {
  const flowing = write(chunk);
  if (chunk.length > 0 && stream['reported'] === undefined) {
    stream['reported'] = true;
    const { user, system } = process.cpuUsage(cpu);
    const firstByteMs = performance.now() - startedAt;
    process.stdout.write(`${JSON.stringify({ importMs, firstByteMs, cpuMs: (user + system) / 1_000 })}\n`);
  }
  return flowing;
};
await handler(event, stream, { awsRequestId, getRemainingTimeInMillis: () => 900_000 });
await answered;
process.exit();
