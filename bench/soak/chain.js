// The emulator with an agent and a deployed stack, in a process of its own. Its parent asks for figures.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator } from '../../dist/emulator/index.js';
import { deployStack } from '../../dist/stack/deploy-stack.js';
import { createTemplateRenderer } from '../../dist/stack/template-renderer.js';
import { childrenOf, descriptorsOf, heapMb, mean, residentMb } from './figures.js';

export const REGION = 'us-east-1';
export const AGENT_ARN = `arn:aws:bedrock-agentcore:${REGION}:000000000000:runtime/soak_agent-0123456789`;

/**
 * @typedef {object} ChainFigures
 * @property {number} heapMb of the emulator, after a garbage collection
 * @property {number | undefined} descriptors of the emulator
 * @property {number} functions processes
 * @property {number | undefined} functionMb resident memory of one, on average
 * @property {number | undefined} functionDescriptors of one, on average
 * @property {number} sessions of AgentCore that have begun and were not stopped
 * @property {number} answers that the agent is giving
 */

/** A stream has 16 events, so that the streams and not their events are the load. */
const EVENTS = 16;
/** @type {Set<string>} */
const sessions = new Set();
let answers = 0;

/** Events for so long, or without an end; then the end, or what the prompt says. */
async function* answer(/** @type {string} */ prompt, /** @type {number} */ ms, /** @type {AbortSignal} */ signal) {
  answers += 1;
  try {
    const events = prompt === 'take long' ? Infinity : EVENTS;
    for (let index = 0; index < events; index += 1) {
      yield Buffer.from(`data: {"type":"text","content":"word ${index} "}\n\n`);
      await sleep(ms / EVENTS, undefined, { signal });
    }
    if (prompt === 'break off') throw new Error('the agent died');
  } finally {
    answers -= 1;
  }
}

const agent = {
  async invoke(/** @type {{ payload: Buffer, signal: AbortSignal }} */ { payload, signal }) {
    const { prompt } = JSON.parse(String(payload));
    const body = answer(prompt, Number(process.argv[2]), signal);
    return { status: prompt === 'refuse' ? 500 : 200, contentType: 'text/event-stream', body };
  },
};

/** Measures as far as the system tells. @returns {ChainFigures} */
function measure() {
  const functions = childrenOf(process.pid);
  return {
    heapMb: heapMb(),
    descriptors: descriptorsOf(process.pid),
    functions: functions.length,
    functionMb: mean(functions.map(residentMb)),
    functionDescriptors: mean(functions.map(descriptorsOf)),
    sessions: sessions.size,
    answers,
  };
}

// Alone: node chain.js STREAM_MS
if (process.send) {
  const emulator = await startEmulator({
    agents: new Map([[AGENT_ARN, agent]]),
    agentCore: { callsPerSecond: 1e6, newSessionsPerMinute: 1e6 },
    onEvent(event) {
      if (event.type === 'session-start') sessions.add(event.sessionId);
      else if (event.type === 'api-call' && /stopruntimesession/i.test(event.action)) sessions.delete(event.sessionId ?? '');
    },
  });
  const client = new CloudFormationClient({ endpoint: emulator.url, region: REGION, credentials: emulator.credentials });
  const { render } = await createTemplateRenderer();
  const { stack } = await deployStack(client, {
    stackName: 'soak',
    parameters: { AgentRuntimeArn: AGENT_ARN, AuthMode: 'none', RateLimit: '10000', BurstLimit: '5000' },
    renderTemplate: render,
    onEvent: () => undefined,
    signal: new AbortController().signal,
  });
  client.destroy();
  const { ApiId, StageName } = stack.outputs;
  const { url, credentials } = emulator;
  process.on('message', (message) => {
    if (message === 'measure') process.send?.(measure());
    else void emulator.close().then(() => process.disconnect());
  });
  process.send({ endpointUrl: url, credentials, url: `${url}/_aws/execute-api/${ApiId}/${StageName}` });
}
