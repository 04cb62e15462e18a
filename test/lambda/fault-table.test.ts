import { describe } from 'vitest';
import { startCustomChain } from './custom-chain.ts';
import { heldWriteRows } from './fault-table/held-writes.ts';
import { refusalRows } from './fault-table/refusals.ts';
import { silenceRows } from './fault-table/silences.ts';
import { streamRows } from './fault-table/streams.ts';
import { volumeRows } from './fault-table/volume.ts';

describe('refusals', () => refusalRows(startCustomChain));
describe('streams', () => streamRows(startCustomChain));
describe('silences', () => silenceRows(startCustomChain));
describe('held writes', () => heldWriteRows(startCustomChain));
describe('volume', () => volumeRows(startCustomChain));
