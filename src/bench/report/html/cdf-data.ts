import type { BenchReport } from '../../figures/report.ts';
import type { TurnClass } from '../../run/turn-kinds.ts';
import type { TurnRecord } from '../../run/turn-record.ts';
import { groupName } from '../names.ts';
import { turnTime } from '../../figures/turn-groups.ts';
import type { CdfData, CdfSeries } from './charts.ts';

const METRICS = ['ttfb', 'ttft', 'duration'] as const;
/** Places along the axis: more than a phone has pixels for, and no matter how many turns there were. */
const PLACES = 320;
/** A spread past this has a log axis. */
const LINEAR_UP_TO = 10;

/** Classes are told apart by their dashes, hops by their colours. */
const DASHES: Readonly<Record<TurnClass, readonly number[]>> = {
  warm: [],
  'new-session': [7, 4],
  resumed: [12, 4, 3, 4],
  cold: [2, 3],
};

/** How many of the ok turns took how long, for each hop and class. Metrics that no turn has are left out. */
export function cdfData({ summary, turns }: BenchReport): CdfData[] {
  const good = turns.filter(({ phase, outcome }) => phase === 'measured' && outcome === 'ok');
  const metrics = METRICS.map((metric) => {
    const samples = summary.groups.map((group) => ({
      group,
      values: valuesOf(
        metric,
        good.filter((turn) => turn.hop === group.hop && turn.class === group.class),
      ),
    }));
    const present = samples.filter(({ values }) => values.length > 0);
    const least = Math.min(...present.map(({ values }) => values[0] ?? 0));
    const most = Math.max(...present.map(({ values }) => values.at(-1) ?? 0));
    return { metric, present, least, most };
  }).filter(({ present }) => present.length > 0);
  // One scale for all of them: they stand side by side.
  const isLog = metrics.some(({ least, most }) => most / Math.max(least, 0.01) > LINEAR_UP_TO);
  return metrics.map(({ metric, present, least, most }) => {
    const x = places(least, most, isLog);
    const series = present.map(({ group, values }) => ({
      label: groupName(group),
      n: values.length,
      hop: group.hop,
      dash: DASHES[group.class],
      ...sharesAt(x, values),
    }));
    return { metric, x, isLog, series };
  });
}

function valuesOf(metric: (typeof METRICS)[number], turns: readonly TurnRecord[]): Float64Array {
  const values = turns.map((turn) => turnTime(turn, metric)).filter((ms) => ms !== undefined);
  return Float64Array.from(values).sort();
}

/** Places from just below the least value to just above the greatest. */
function places(least: number, most: number, isLog: boolean): number[] {
  const margin = isLog ? 1.02 : 1;
  const low = isLog ? Math.max(least, 0.01) / margin : Math.max(0, least - (most - least) * 0.02);
  const high = isLog ? most * margin : most + Math.max((most - least) * 0.02, most * 1e-3);
  return Array.from({ length: PLACES }, (_, index) => {
    const share = index / (PLACES - 1);
    const place = isLog ? low * (high / low) ** share : low + (high - low) * share;
    return Number(place.toPrecision(6));
  });
}

/** Percent of the values that each place is not below: from the last place where it is none to the first where it is all. */
function sharesAt(x: readonly number[], sorted: Float64Array): Pick<CdfSeries, 'from' | 'y'> {
  let held = 0;
  const shares = x.map((place) => {
    while (held < sorted.length && (sorted[held] ?? Infinity) <= place) held += 1;
    return Number(((held / sorted.length) * 100).toFixed(2));
  });
  const from = Math.max(0, shares.lastIndexOf(0));
  return { from, y: shares.slice(from, shares.indexOf(100) + 1) };
}
