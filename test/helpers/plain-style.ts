import { createStyle } from '../../src/ui/terminal.ts';
import { createMemoryTerminal } from './memory-terminal.ts';

/** Paints nothing. */
export const PLAIN = createStyle(createMemoryTerminal().stdout, {});

/** Paints although nobody sees it. */
export const COLOURED = createStyle(createMemoryTerminal().stdout, { FORCE_COLOR: '1' });
