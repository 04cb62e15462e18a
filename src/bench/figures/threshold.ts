import { type Percentile, PERCENTILES } from '../../stream/distribution.ts';
import { TURN_TIMES } from './turn-groups.ts';
import { TURN_CLASSES } from '../run/turn-kinds.ts';
import { UsageError } from '../../cli/errors.ts';
import { HOPS } from '../../stream/stream-part.ts';

const TIMES = [...TURN_TIMES, 'gap', 'contentGap', 'maxGap'] as const;
const RATES = ['eventsPerSecond', 'bytesPerSecond'] as const;
const SHARES = ['ok', 'failed', 'unfinished', 'headroom', 'streaming'] as const;
const AMOUNTS = ['cost.perGoodStream', 'cost.perThousandTurns'] as const;
const OPERATORS = ['<', '<=', '>', '>='] as const;
/** By kind of metric. A time or a share without its unit could be meant in two ways. */
const UNITS = { time: ['ms', 's', 'm'], rate: [''], share: ['%'], amount: [''] } as const;

/** How many ms (or percent, or USD) each unit is. */
export const UNIT_SIZE: Readonly<Record<Threshold['unit'], number>> = { ms: 1, s: 1_000, m: 60_000, '%': 1, '': 1 };

/** The judged figure: one of a distribution, or a single one. */
type ThresholdSubject =
  | {
      readonly kind: 'time' | 'rate';
      readonly metric: (typeof TIMES)[number] | (typeof RATES)[number];
      readonly aggregate: Percentile;
    }
  | { readonly kind: 'share'; readonly metric: (typeof SHARES)[number] }
  | { readonly kind: 'amount'; readonly metric: (typeof AMOUNTS)[number] };

/** `hops` and `classes` are those named, empty where none is; `bound` is in `unit`. */
export type Threshold = ReturnType<typeof parseThreshold>;

const PATTERN =
  /^(?<name>[a-z]+(?:\.per[a-z]+)?)(?:\{(?<selector>[^}]*)\})?(?:\.(?<aggregate>\w+))?\s*(?<operator>[<>]=?)\s*(?<bound>\d+(?:\.\d+)?)\s*(?<unit>[a-z%]*)$/i;

/**
 * Reads `METRIC{HOP,CLASS}.AGGREGATE OPERATOR VALUE`. Without an aggregate a time is the longest, so that `maxGap<60s` holds for each
 * stream, and a rate the median.
 * @throws {UsageError} INVALID_THRESHOLD
 */
export function parseThreshold(text: string) {
  const { name = '', selector, aggregate, operator, bound, unit } = PATTERN.exec(text.trim())?.groups ?? {};
  const subject = readSubject(name, aggregate);
  if (!subject) throw invalid(text);
  const words = selector?.split(',').map((word) => word.trim()) ?? [];
  const hops = HOPS.filter((hop) => words.includes(hop));
  const classes = TURN_CLASSES.filter((name) => words.includes(name));
  const isAllKnown = words.every((word) => oneOf(HOPS, word) ?? oneOf(TURN_CLASSES, word));
  const isFit = subject.kind !== 'amount' || selector === undefined;
  const known = oneOf(UNITS[subject.kind], unit);
  const sign = oneOf(OPERATORS, operator);
  if (unit === '' && known === undefined && isAllKnown && isFit) throw withoutUnit(text, bound, subject.kind);
  if (!isAllKnown || !isFit || known === undefined || !sign) throw invalid(text);
  return { text, subject, hops, classes, operator: sign, bound: Number(bound), unit: known };
}

function readSubject(name: string, given: string | undefined): ThresholdSubject | undefined {
  const [time, rate] = [oneOf(TIMES, name), oneOf(RATES, name)];
  const aggregate = oneOf(PERCENTILES, given ?? (time ? 'max' : 'p50'));
  if (time) return aggregate && { kind: 'time', metric: time, aggregate };
  if (rate) return aggregate && { kind: 'rate', metric: rate, aggregate };
  if (given !== undefined) return undefined;
  const [share, amount] = [oneOf(SHARES, name), oneOf(AMOUNTS, name)];
  if (share) return { kind: 'share', metric: share };
  return amount && { kind: 'amount', metric: amount };
}

function oneOf<T extends string>(words: readonly T[], word: string | undefined): T | undefined {
  return words.find((known) => known === word);
}

function withoutUnit(text: string, bound = '', kind: ThresholdSubject['kind']): UsageError {
  const [unit, example] = kind === 'share' ? ['percent', `${bound}%`] : ['ms, s or m', `${bound}ms`];
  return new UsageError('INVALID_THRESHOLD', `${bound} what? the threshold ${text} has no unit`, {
    hint: `${unit}, such as ${text.trimEnd().slice(0, -bound.length)}${example}`,
  });
}

function invalid(text: string): UsageError {
  const metrics = [...TIMES, ...RATES, ...SHARES, ...AMOUNTS].join(', ');
  return new UsageError('INVALID_THRESHOLD', `not a threshold: ${text}`, {
    hint: `for example ttfb{api,warm}.p95<800ms, maxGap<60s, ok>=99.5%, cost.perGoodStream<0.01; metrics: ${metrics}`,
  });
}
