import { defineConfig } from 'vitest/config';

/** Tests that judge by milliseconds what a machine does under load: behind all others, and no more files at once than cores. */
const MEASURING = [
  'test/bench/run/truth-*.test.ts',
  'test/bench/run/run-load*.test.ts',
  'test/bench/{self-test,soak}.test.ts',
  'test/checks/prove-endpoint.test.ts',
  'test/commands/{deploy-proof*,deploy-terminal,doctor}.test.ts',
  'test/e2e/{chat-job,inspect,readme}.test.ts',
  'test/lambda/{fault-table,runtime-client}.test.ts',
];

/** Tests that take many seconds: every pair of options, statistics, costly properties, browsers, software outside package.json. */
const THOROUGH = [
  'test/{conformance,matrix}/*.test.ts',
  'test/agent-events/altered.test.ts',
  'test/bench/figures/{compare-reports,parse-report}.test.ts',
  'test/chat/{markdown-writer,stalled-reader}.test.ts',
  'test/commands/{auth-modes,bench-compare,credentials,iam-policy-proof,key,logs-lost}.test.ts',
  'test/commands/{deploy-awkward,deploy-modes,deploy-operation,deploy-preflight,destroy-leaves-nothing}.test.ts',
  'test/dev/dev-settings.test.ts',
  'test/e2e/{artillery*,bench-html,chat-turns,demo,dev,dev-auth,dev-faults,dev-keys,full-disk,hostile-text,proxy}.test.ts',
  'test/emulator/real-clients.test.ts',
  'test/endpoint/resolved-once.test.ts',
  'test/lambda/relay.test.ts',
  'test/stack/recovery.test.ts',
];

const TESTS = 'test/**/*.test.ts';

export default defineConfig({
  test: {
    setupFiles: ['test/helpers/properties.ts'],
    // As in bin/agentstream.js.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // Most of a test is waiting for sockets and child processes: more files at once than cores.
    maxWorkers: 4,
    // Files share what they import: loading it anew for each took half of the time.
    isolate: false,
    // A busy machine is slow, not wrong.
    expect: { poll: { timeout: 60_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'quick', include: [TESTS], exclude: [...MEASURING, ...THOROUGH] } },
      { extends: true, test: { name: 'thorough', include: THOROUGH } },
      { extends: true, test: { name: 'measuring', include: MEASURING, maxWorkers: 2, sequence: { groupOrder: 1 } } },
    ],
  },
});
