import type { Command } from 'commander';
import { readCommandTree } from './command-tree.ts';
import { renderBash } from './render-bash.ts';
import { renderFish } from './render-fish.ts';
import { renderZsh } from './render-zsh.ts';

const RENDERERS = { bash: renderBash, zsh: renderZsh, fish: renderFish } as const;

export type Shell = keyof typeof RENDERERS;

/** A script that completes the commands, options and choices of a program. @param root all of its commands are configured */
export function completionScript(shell: Shell, root: Command): string {
  return RENDERERS[shell](readCommandTree(root));
}
