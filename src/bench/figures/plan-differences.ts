import type { RunFacts } from './report-schema.ts';

const PLAN_MEMBERS = [
  'hops',
  'load',
  'warmupMs',
  'graceMs',
  'conversations',
  'probe',
  'session',
  'paces',
  'qualifier',
  'timers',
] as const;

/**
 * In what two runs differ by intent, so that their figures may differ for that alone; the seed aside.
 * @returns a sentence for each
 */
export function planDifferences(first: RunFacts, second: RunFacts): string[] {
  const members = [
    ...PLAN_MEMBERS.map((name) => [name, first.plan[name], second.plan[name]] as const),
    ['limits and memory of the hops', first.hops, second.hops] as const,
    ['versions', first.versions, second.versions] as const,
  ];
  return members
    .map(([name, a, b]) => [name, JSON.stringify(a) ?? 'none', JSON.stringify(b) ?? 'none'])
    .filter(([, a, b]) => a !== b)
    .map(([name, a, b]) => `the runs differ in ${name}: ${a} and ${b}`);
}
