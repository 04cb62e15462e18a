import { formatMs } from '../ui/format.ts';
import type { PastTurn } from './chat-session.ts';

/** A conversation as Markdown: prompts as quotes, answers as the agent wrote them. */
export function toMarkdown(turns: readonly PastTurn[]): string {
  return turns
    .map(({ prompt, answer, stopped, result }) => {
      const quoted = prompt
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
      const { outcome, ttftMs, durationMs } = result.metrics;
      const note = stopped ? '_stopped_' : outcome === 'ok' ? '' : `_${outcome}_`;
      const times =
        ttftMs === undefined
          ? ''
          : `_first text ${formatMs(ttftMs)}, ${formatMs(durationMs)} in all_`;
      return [quoted, answer.trimEnd(), note, times].filter((part) => part !== '').join('\n\n');
    })
    .join('\n\n---\n\n')
    .concat('\n');
}
