// A runtime that takes on the next event while it works on others, out of the parts of the emulator's own. Its credentials change
// when it is told to: `rotate ID` on stdin.
import { awslambda } from '../../../src/emulator/lambda/runtime/awslambda.mjs';
import { loadHandler } from '../../../src/emulator/lambda/runtime/load-handler.mjs';
import { openResponseStream } from '../../../src/emulator/lambda/runtime/response-stream.mjs';
import { createRuntimeClient } from '../../../src/emulator/lambda/runtime/runtime-client.mjs';

const { env } = process;
const address = env['AWS_LAMBDA_RUNTIME_API'] ?? '';
Object.assign(globalThis, { awslambda });
const handler = await loadHandler(env['LAMBDA_TASK_ROOT'] ?? '', env['_HANDLER'] ?? '');

process.stdin.setEncoding('utf8').on('data', (text) => {
  env['AWS_ACCESS_KEY_ID'] = String(text).split(' ')[1]?.trim();
  process.stdout.write('rotated\n');
});

const poller = createRuntimeClient(address);
for (;;) {
  const { headers, body } = await poller.next();
  void work(String(headers['lambda-runtime-aws-request-id']), headers, body);
}

/**
 * @param {string} awsRequestId
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {string} body
 */
async function work(awsRequestId, headers, body) {
  const { stream, answered, fail } = openResponseStream(createRuntimeClient(address), awsRequestId);
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  try {
    await handler(JSON.parse(body), stream, { awsRequestId, getRemainingTimeInMillis: () => deadline - Date.now() });
    await answered;
  } catch (error) {
    fail(error);
  }
}
