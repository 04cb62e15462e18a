import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { TurnRecord } from './turn-record.ts';
import { borrowCredentials } from '../../endpoint/thread-credentials.ts';
import { openShare } from './client-driver.ts';
import { BATCH_MS, type FromWorker, type ToWorker, type WorkerTask } from './run-workers.ts';

// The entry of a worker thread: runs one share of a load and tells the main thread of it. What it throws ends the thread, and the
// main thread says so.
const port = parentPort as MessagePort;
const { plan, endpoint, credentials: lent, worker } = workerData as WorkerTask;
const tell = (message: FromWorker): void => port.postMessage(message);

const interrupt = new AbortController();
const started = new Promise<number>((resolve) => {
  port.on('message', (message: ToWorker) => {
    if (message.type === 'start') resolve(message.startAt);
    else interrupt.abort();
  });
});

const start = await openShare(plan, { endpoint, credentials: lent && borrowCredentials(lent) });
tell({ type: 'ready' });
const startAt = await started;
let turns: TurnRecord[] = [];
const run = start({ worker, startAt, signal: interrupt.signal, onTurn: (record) => turns.push(record) });
const flush = (): void => {
  const batch = turns;
  turns = [];
  tell({ type: 'batch', turns: batch, progress: run.progress() });
};
const timer = setInterval(flush, BATCH_MS);
const result = await run.result;
clearInterval(timer);
flush();
tell({ type: 'result', result });
port.close();
