import type { SessionPolicy, Stage } from './run/plan.ts';
import { UsageError } from '../cli/errors.ts';
import { parseDuration, parseInteger } from '../cli/flag-values.ts';
import { PROBE_DEFAULTS, PROBE_MAXIMA, type ProbeRequest } from '../protocol.ts';
import { type Hop, HOPS } from '../stream/stream-part.ts';

// How the flags of bench read their values. Each throws a UsageError with the wrong value and an example.

/** A day: longer than any run, shorter than what a timer of Node.js can wait (24.8 days). */
export const MAX_MS = 86_400_000;
export const MAX_LEVEL = 100_000;

/** The probe without settings, as a flag would ask for it. */
export const PROBE_TEXT = `count=${PROBE_DEFAULTS.count},interval=${PROBE_DEFAULTS.interval_ms}ms,size=${PROBE_DEFAULTS.size_bytes},first=${PROBE_DEFAULTS.first_delay_ms}`;

export function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

export function collectStage(text: string, earlier: readonly Stage[] | undefined): readonly Stage[] {
  const [, time = '', level = ''] = /^([^:]+):([\d.]+)$/.exec(text) ?? [];
  if (level === '') {
    throw new UsageError('INVALID_STAGE', `not a stage: ${text}`, {
      hint: 'a time and a level: --stage 30s:50',
    });
  }
  const stage = { durationMs: parseDuration('--stage', MAX_MS)(time), level: parseLevel(level) };
  return [...(earlier ?? []), stage];
}

export function parseLevel(text: string): number {
  const level = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (level >= 0 && level <= MAX_LEVEL) return level;
  throw new UsageError('INVALID_NUMBER', `not a rate: ${text}`, {
    hint: `a number from 0 to ${MAX_LEVEL}`,
  });
}

export function parseUsd(text: string): number {
  const amount = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(amount)) return amount;
  throw new UsageError('INVALID_NUMBER', `not an amount in USD: ${text}`, { hint: '--budget 0.5' });
}

export function parseHops(text: string): readonly Hop[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!HOPS.some((hop) => hop === name)) {
      throw new UsageError('INVALID_HOP', `not a hop: ${name}`, { hint: HOPS.join(', ') });
    }
  }
  return HOPS.filter((hop) => names.includes(hop));
}

export function parseSessionPolicy(text: string): SessionPolicy {
  if (text === 'new' || text === 'per-vu' || text === 'fixed') return { type: text };
  const [, rest] = /^resume:(.+)$/.exec(text) ?? [];
  if (rest) return { type: 'resume', restMs: parseDuration('--session resume:', MAX_MS)(rest) };
  throw new UsageError('INVALID_SESSION_POLICY', `not a session policy: ${text}`, {
    hint: 'new, per-vu, fixed, or resume: and a rest such as resume:30s',
  });
}

const PROBE_MEMBERS: Readonly<Record<string, keyof ProbeRequest>> = {
  count: 'count',
  interval: 'interval_ms',
  size: 'size_bytes',
  first: 'first_delay_ms',
};

export function parseProbe(text: string): Required<ProbeRequest> {
  const settings: Record<keyof ProbeRequest, number> = { ...PROBE_DEFAULTS };
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=');
    const member = Object.hasOwn(PROBE_MEMBERS, name) ? PROBE_MEMBERS[name] : undefined;
    if (!member) {
      throw new UsageError('INVALID_PROBE', `not a setting of the probe: ${part}`, {
        hint: `--probe ${PROBE_TEXT}`,
      });
    }
    const most = PROBE_MAXIMA[member];
    settings[member] = member.endsWith('_ms')
      ? parseDuration(`--probe ${name}`, most)(value)
      : parseInteger(`--probe ${name}`, member === 'count' ? 1 : 0, most)(value);
  }
  return settings;
}
