// Runs a load in several threads, as `bench` does: worker threads cannot be started from TypeScript sources.
//   node bench-in-workers.mjs '{"plan": ..., "url": "...", "workers": 3, "interruptAfter"?: n, "killAfter"?: n}'
// Prints the run as JSON, with the turns that it was told of one by one. `killAfter`: a thread is killed after so many turns.
import { resolveTarget } from '../../dist/endpoint/connection.js';
import { runBench } from '../../dist/bench/run/run-bench.js';

const { plan, url, workers, interruptAfter, killAfter } = JSON.parse(process.argv[2] ?? '');

/** @type {import('node:worker_threads').Worker[]} */
const threads = [];
process.on('worker', (worker) => threads.push(worker));

const interrupt = new AbortController();
/** @type {number[]} */
const told = [];
const run = await runBench(plan, {
  ...(await resolveTarget({ stackName: 'none', url }, {}, ['api'])),
  workers,
  signal: interrupt.signal,
  onTurn({ index }) {
    told.push(index);
    if (told.length === interruptAfter) interrupt.abort();
    if (told.length === killAfter) void threads[1]?.terminate();
  },
});
const failure = run.failure && { code: run.failure.code, message: run.failure.message };
process.stdout.write(JSON.stringify({ ...run, failure, told, threads: threads.length }));
