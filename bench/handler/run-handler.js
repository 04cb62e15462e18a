// The deployed handler in a process of its own, under the emulator's copy of the Node.js runtime; takes on events while others run.
import { awslambda } from '../../src/emulator/lambda/runtime/awslambda.mjs';
import { loadHandler } from '../../src/emulator/lambda/runtime/load-handler.mjs';
import { openResponseStream } from '../../src/emulator/lambda/runtime/response-stream.mjs';
import { createRuntimeClient } from '../../src/emulator/lambda/runtime/runtime-client.mjs';
import { reportUsage } from './report-usage.js';

const address = process.env['AWS_LAMBDA_RUNTIME_API'] ?? '';
Object.assign(globalThis, { awslambda });
const handler = await loadHandler(process.env['LAMBDA_TASK_ROOT'] ?? '', 'index.handler');
reportUsage();

/** Free connections, for as many responses at once.
 *
 * @type {import('../../src/emulator/lambda/runtime/runtime-client.mjs').RuntimeClient[]} */
const clients = [];
const poller = createRuntimeClient(address);
for (;;) {
  const { headers, body } = await poller.next();
  void work(String(headers['lambda-runtime-aws-request-id']), body);
}

/**
 * @param {string} awsRequestId
 * @param {string} body
 */
async function work(awsRequestId, body) {
  const client = clients.pop() ?? createRuntimeClient(address);
  const { stream, answered } = openResponseStream(client, awsRequestId);
  const getRemainingTimeInMillis = () => 900_000;
  await handler(JSON.parse(body), stream, { awsRequestId, getRemainingTimeInMillis });
  await answered;
  clients.push(client);
}
