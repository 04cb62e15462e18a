import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { AgentEvent } from '../../src/agent-events/agent-event.ts';
import { AgentEventReader } from '../../src/agent-events/agent-event-reader.ts';
import { eventLine } from '../helpers/event-line.ts';
import { itemsOf, type StreamShape } from '../helpers/stream-shape.ts';
import { STREAM_SHAPES } from '../helpers/stream-shapes.ts';
import { cases } from '../helpers/properties.ts';

const read = (values: readonly unknown[]): AgentEvent[] => {
  const reader = new AgentEventReader();
  return [...itemsOf(values).flatMap((item) => reader.read(item)), ...reader.end()];
};
const textOf = (events: readonly AgentEvent[]): string =>
  events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
const errorsOf = (events: readonly AgentEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'error' ? event.message : []));

/** The streams of a shape for a text: in pieces, with the whole behind them, the whole alone. */
function streamsOf(shape: StreamShape, texts: readonly string[]): Map<string, readonly unknown[]> {
  const whole = shape.whole?.(texts.join(''));
  const pieces = shape.pieces?.(texts);
  return new Map([
    ...(pieces ? [['in pieces', pieces] as const] : []),
    ...(pieces && whole ? [['with the whole', [...pieces, ...whole]] as const] : []),
    ...(whole && !shape.wholeNeedsPieces ? [['whole', whole] as const] : []),
  ]);
}

describe('every shape says its text once', () => {
  const rows: string[][] = [];
  for (const shape of STREAM_SHAPES) {
    it(shape.name, () => {
      const streams = [...streamsOf(shape, ['Two ', 'words'])].map(([way, values]) => [way, read(values)] as const);
      const right = streams.every(([, events]) => textOf(events) === 'Two words' && errorsOf(events).length === 0);
      const once = streams.every(([, events]) => textOf(events).split('words').length === 2);
      const failed = shape.failure && errorsOf(read([...(shape.pieces?.(['Two ']) ?? []), ...shape.failure]));
      const seen = failed ? String(failed.length === 1 && failed[0] === 'it broke') : '-';
      rows.push([shape.name, shape.source, String(right), String(once), seen]);
      for (const [way, events] of streams) expect(`${way}: ${textOf(events)}`).toBe(`${way}: Two words`);
      for (const [, events] of streams) expect(errorsOf(events)).toEqual([]);
      if (failed) expect(failed).toEqual(['it broke']);
    });
  }

  afterAll(() => {
    const table = [['shape', 'fixture after', 'text right', 'once', 'error seen'], ...rows];
    const widths = [0, 1, 2, 3, 4].map((column) => Math.min(52, Math.max(...table.map((row) => row[column]?.length ?? 0))));
    const lines = table.map((row) => row.map((cell, column) => cell.slice(0, 52).padEnd(widths[column] ?? 0)).join('  '));
    process.stdout.write(`\n${lines.map((line) => line.trimEnd()).join('\n')}\n`);
  });
});

it('every shape says the same events in the same order', async () => {
  const lines = STREAM_SHAPES.flatMap((shape) => {
    const streams = streamsOf(shape, ['Two ', 'words']);
    if (shape.failure) streams.set('failed', [...(shape.pieces?.(['Two ']) ?? []), ...shape.failure]);
    return [...streams].map(([way, values]) => `${shape.name}, ${way}: ${eventLine(read(values))}\n`);
  });
  await expect(lines.join('')).toMatchFileSnapshot('shapes.events.txt');
});

it.each(STREAM_SHAPES)('$name keeps U+FEFF, which is a character of the text within it', (shape) => {
  for (const [way, values] of streamsOf(shape, ['\uFEFFTwo ', '\uFEFFwords'])) {
    expect(`${way}: ${textOf(read(values))}`).toBe(`${way}: \uFEFFTwo \uFEFFwords`);
  }
});

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '🎈', 'é', '{', '"', "'", '\\', ':'), minLength: 1, maxLength: 12 }),
  fc
    .array(fc.constantFrom('no', 'ha', 'One', 'two', 'error', '日本', '👩‍🚀', '**x**'), { minLength: 1, maxLength: 12 })
    .map((words) => words.join(' ')),
);

/** Pieces of a text, cut anywhere, between the halves of a character too. */
const anyPieces = fc.tuple(anyText, fc.array(fc.nat(), { maxLength: 8 })).map(([text, cuts]) => {
  const borders = [...new Set([0, ...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort((a, b) => a - b);
  return borders.slice(1).map((border, index) => text.slice(borders[index], border));
});

/** A piece that is Python's literal of bytes: it is read as what Python prints. */
const looksPrinted = (texts: readonly string[]): boolean => texts.some((text) => /^b(['"]).*\1$/s.test(text));

/**
 * Whether the pieces could as well be a text that grows from event to event ("a", "ab"), or its repetition at the end: nobody can tell
 * when nothing follows.
 */
function looksGrown(texts: readonly string[]): boolean {
  return texts.some((text, index) => index > 0 && text.startsWith(texts.slice(0, index).join('')));
}

it('a text cut anywhere, in any shape, with or without the whole behind it, is read once', () => {
  fc.assert(
    fc.property(fc.constantFrom(...STREAM_SHAPES), anyPieces, (shape, texts) => {
      const text = texts.join('');
      fc.pre(text.trim() !== '' && !looksGrown(texts) && !looksPrinted(texts));
      for (const [way, values] of streamsOf(shape, texts)) {
        const said = textOf(read(values));
        if (said !== text) expect([shape.name, way, said]).toEqual([shape.name, way, text]);
      }
    }),
    { numRuns: cases(10_000) },
  );
}, 900_000);
