#!/usr/bin/env node
import module from 'node:module';

// Node.js 22 and newer: the second start reads compiled code from a cache.
module.enableCompileCache?.();
// The SDK's word about future Node.js versions is for those who choose its version, not for those who run a command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { main, processTerminal } = await import('../dist/program/agentstream.js');
process.exitCode = await main(process.argv.slice(2), processTerminal());
