import type { GroupSummary, Summary } from '../figures/summary.ts';
import { DIFFERENCE_NOTE, differenceWords, probeWords } from './bench-hop-words.ts';
import { groupName } from './bench-names.ts';
import { paragraph, remark, section, type Sheet } from './bench-section.ts';
import { formatMs } from '../../ui/format.ts';

/** What each hop adds to the one below it. */
export function differenceLines({ differences }: Summary, sheet: Sheet): string[] {
  if (differences.length === 0) return [];
  const lines = differences.flatMap((difference) => paragraph(differenceWords(difference), sheet));
  return section(
    'What the hops add',
    [...lines, ...paragraph(DIFFERENCE_NOTE, sheet, sheet.style.dim)],
    sheet,
  );
}

/** How the probes came through, and what to do where they did not stream. */
export function probeLines({ verdicts }: Summary, sheet: Sheet): string[] {
  const lines = probeWords(verdicts).flatMap(({ hop, sentence, isGood, advice }) => [
    ...paragraph(`${hop}: ${sentence}`, sheet, isGood ? sheet.style.green : sheet.style.red),
    ...advice.flatMap((text) => remark(text, sheet)),
  ]);
  return section('Does it stream?', lines, sheet);
}

/** What the function itself said of its start and of its agent. */
export function serverTimingLines({ groups }: Summary, sheet: Sheet): string[] {
  const lines = groups.flatMap((group) => {
    const text = serverTimingWords(group);
    return text === undefined ? [] : paragraph(text, sheet);
  });
  return section('Server-Timing', lines, sheet);
}

/** `api, warm: agent answered after 210 ms (median of 180)`; undefined where the function said nothing. */
export function serverTimingWords(group: GroupSummary): string | undefined {
  const { init, agent } = group;
  const parts = [
    ...(init.p50 === undefined
      ? []
      : [`environment started in ${formatMs(init.p50)} (median of ${init.n})`]),
    ...(agent.p50 === undefined
      ? []
      : [`agent answered after ${formatMs(agent.p50)} (median of ${agent.n})`]),
  ];
  return parts.length === 0 ? undefined : `${groupName(group)}: ${parts.join(', ')}`;
}
