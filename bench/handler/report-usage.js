import { setDefaultHighWaterMark } from 'node:stream';

// As on the Node.js of the runtime, whatever runs here: how far a writer may be ahead.
setDefaultHighWaterMark(false, 65_536);

/** Answers each message of the parent with what this process has used so far; heap after a collection. */
export function reportUsage() {
  process.on('message', () => {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ cpuMicros: user + system, rss, heapBytes: heapUsed + external });
  });
  process.on('disconnect', () => process.exit());
}
