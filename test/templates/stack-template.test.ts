import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createCodeRenderer } from '../../src/stack/template-renderer.ts';

const TEXT = (await createCodeRenderer('x', { isFull: true }))({}).body;
const { Resources } = parse(TEXT, { logLevel: 'silent' }) as { Resources: Record<string, Record<string, never>> };

test('the dashboard is JSON, with and without the time to first content', () => {
  const [
    body,
    {
      First: [, first],
    },
  ] = (Resources['Overview'] as unknown as { Properties: { DashboardBody: [string, { First: [string, string] }] } }).Properties
    .DashboardBody;
  const titles = (text: string): string[] =>
    (JSON.parse(text) as { widgets: { properties: { title: string; metrics: unknown[] } }[] }).widgets.map(
      ({ properties: { title, metrics } }) => `${title}: ${metrics.length}`,
    );
  const base = ['Requests: 3', 'Latency to the end of the stream: 2', 'Open streams: 2', 'Duration of the function: 2'];
  expect(titles(body.replace('${First}', ''))).toEqual(base);
  expect(titles(body.replace('${First}', first))).toEqual([...base, 'Time to first content: 2']);
});

test('the access log is JSON, has the streaming times and nothing that people have written', () => {
  const format = /Format: '(\{.*\})'/.exec(TEXT)?.[1] ?? '';
  const members = JSON.parse(format) as Record<string, string>;
  expect(Object.values(members)).toEqual(
    expect.arrayContaining([
      '$context.requestId',
      '$context.integration.responseTransferMode',
      '$context.integration.timeToAllHeaders',
      '$context.integration.timeToFirstContent',
      '$context.integration.latency',
    ]),
  );
  expect(Object.values(members).filter((value) => !/^\$context(\.\w+)+$/.test(value))).toEqual([]);
  expect(format).not.toMatch(/Override|identity\.apiKey"|claims\.(?!sub)/);
  // Developer guide, "Set up access logging": the template limit is 3 KB.
  expect(Buffer.byteLength(format)).toBeLessThan(3_000);
});

test('a web ACL that takes the place of another is not taken off again', () => {
  expect(Resources['WebAclAssociation']).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' });
});
