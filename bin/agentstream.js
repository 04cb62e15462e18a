#!/usr/bin/env node
import { main } from '../dist/cli.js';
import { processTerminal } from '../dist/ui/terminal.js';

process.exitCode = await main(process.argv.slice(2), processTerminal());
