// The handler within the emulator's chain: what the emulator itself adds, and what a runtime that holds small writes does to events.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { startEmulator } from '../../dist/emulator/index.js';
import { deployStack } from '../../dist/stack/deploy-stack.js';
import { createTemplateRenderer } from '../../dist/stack/template-renderer.js';
import { median, quantile } from './statistics.js';
import { direct } from './subjects.js';

const ARN = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/bench_agent-0123456789';
/** Below it, a write waits for the next one: what users report of the managed service. */
const HOLD_BELOW_BYTES = 16_384;
/** A model's pace. */
const EVERY_MS = 20;
const EVENTS = 250;
const STREAMS = 2;
const FIRST_BYTES = 200;

/** Each event is stamped as the agent makes it. */
const agent = {
  async invoke(/** @type {{ payload: Buffer }} */ { payload }) {
    const { events } = JSON.parse(String(payload));
    return { status: 200, contentType: 'text/event-stream', body: stamps(events) };
  },
};

/** @param {number} events */
async function* stamps(events) {
  const startedAt = performance.now();
  for (let index = 0; index < events; index += 1) {
    const waitMs = startedAt + index * EVERY_MS - performance.now();
    if (waitMs > 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, waitMs);
      });
    }
    yield Buffer.from(`data: ${performance.now()}\n\n`);
  }
}

/**
 * @param {number} holdWritesBelowBytes
 * @param {'auto' | 'off' | 'pause'} flush
 */
async function startChain(holdWritesBelowBytes, flush) {
  const emulator = await startEmulator({ agents: new Map([[ARN, agent]]), lambda: { holdWritesBelowBytes } });
  const client = new CloudFormationClient({ endpoint: emulator.url, region: 'us-east-1', credentials: emulator.credentials });
  const { render } = await createTemplateRenderer();
  const { stack } = await deployStack(client, {
    stackName: 'bench',
    parameters: { AgentRuntimeArn: ARN, AuthMode: 'none', FlushMode: flush, RateLimit: '10000', BurstLimit: '5000' },
    renderTemplate: render,
    onEvent: () => undefined,
    signal: new AbortController().signal,
  });
  client.destroy();
  const { ApiId, StageName } = stack.outputs;
  const { stream } = direct(`${emulator.url}/_aws/execute-api/${ApiId}/${StageName}/invoke`);
  return {
    /**
     * @param {number} events
     * @param {(chunk: Buffer) => void} onChunk
     */
    turn: (events, onChunk) => stream(/** @type {any} */ ({ prompt: 'go', events }), onChunk),
    close: () => emulator.close(),
  };
}

/**
 * How much later than it was made each event comes, ms.
 *
 * @param {number} holdBytes
 * @param {'auto' | 'off'} flush
 */
async function measureLateness(holdBytes, flush) {
  const chain = await startChain(holdBytes, flush);
  /** @type {number[]} */
  const late = [];
  try {
    await chain.turn(1, () => undefined);
    await Promise.all(
      Array.from({ length: STREAMS }, () =>
        chain.turn(EVENTS, (chunk) => {
          const at = performance.now();
          for (const [, stamp] of String(chunk).matchAll(/^data: ([\d.]+)$/gm)) {
            late.push(at - Number(stamp));
          }
        }),
      ),
    );
  } finally {
    await chain.close();
  }
  if (late.length !== STREAMS * EVENTS) throw new Error(`${late.length} events have come`);
  return { p50Ms: median(late), p99Ms: quantile(late, 0.99) };
}

/** Lateness by what the runtime holds and what the handler does about it. */
export async function measureHeldWrites() {
  return {
    plainOff: await measureLateness(0, 'off'),
    plainAuto: await measureLateness(0, 'auto'),
    heldOff: await measureLateness(HOLD_BELOW_BYTES, 'off'),
    heldAuto: await measureLateness(HOLD_BELOW_BYTES, 'auto'),
  };
}

/**
 * First byte of a warm turn through the whole emulator: front door, Runtime API, handler, AgentCore.
 *
 * @param {'auto' | 'off' | 'pause'} flush
 */
export async function measureChainFirstByte(flush) {
  const chain = await startChain(0, flush);
  /** @type {number[]} */
  const times = [];
  try {
    for (let index = -20; index < FIRST_BYTES; index += 1) {
      const sentAt = performance.now();
      let firstAt = 0;
      await chain.turn(1, () => (firstAt ||= performance.now()));
      if (index >= 0) times.push(firstAt - sentAt);
    }
  } finally {
    await chain.close();
  }
  return median(times);
}
