#!/usr/bin/env node
const { enableCompileCache } = require('node:module');
const { setFlagsFromString } = require('node:v8');

// V8 would optimize the WebAssembly of the HTTP parser during the first answer, which takes longer than the rest of `invoke`. A load
// still reaches this budget. Before the compile cache: what it holds is for one set of flags.
setFlagsFromString('--wasm-tiering-budget=100000000');
// Node.js 22 and newer: the second start reads compiled code from a cache.
enableCompileCache?.();
// The SDK's word about future Node.js versions is for those who choose its version, not for those who run a command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { main, processTerminal } = require('../dist/program/agentstream.cjs');
void main(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
