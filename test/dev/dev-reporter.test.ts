import { expect, test } from 'vitest';
import { createDevReporter, type DevFacts } from '../../src/dev/dev-reporter.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';

const FACTS: DevFacts = {
  emulatorUrl: 'http://127.0.0.1:4747',
  region: 'us-east-1',
  credentials: { accessKeyId: 'DEV1', secretAccessKey: 'secret-1' },
  agent: 'story',
  agentArn: 'arn:x',
  stackName: 'agentstream',
};

const bannerOf = (facts: Partial<DevFacts>): string => {
  const terminal = createMemoryTerminal();
  createDevReporter(terminal, { json: false, quiet: false }).ready({ ...FACTS, ...facts });
  return terminal.text.stdout;
};

test('says how time is scaled, what goes wrong on purpose, and what a client has to be told', () => {
  const banner = bannerOf({ timeScale: 60, faults: ['stall:20s:1', 'cut:3@20%'] });
  expect(banner).toMatch(/AGENTSTREAM_TIME_SCALE=60: the 300 s of silence that end a stream are 5\.00 s here/);
  expect(bannerOf({ timeScale: 60, idleLimitMs: 500 })).toContain('the 30 s of silence');
  expect(banner).toMatch(/Faults +stall:20s:1, cut:3@20%/);
  expect(banner).toContain('AGENTSTREAM_LOCAL=http://127.0.0.1:4747 AGENTSTREAM_TIME_SCALE=60 agentstream deploy');
  expect(bannerOf({})).not.toMatch(/TIME_SCALE|Faults/);
});

test('shows a fault as a line, and a session’s start as none', () => {
  const terminal = createMemoryTerminal();
  const reporter = createDevReporter(terminal, { json: false, quiet: true });
  reporter.event({ type: 'fault', fault: 'cut:3', place: 'agent' });
  reporter.event({ type: 'session-start' });
  expect(terminal.text.stdout).toBe('');
  expect(terminal.text.stderr).toMatch(/^\d\d:\d\d:\d\d fault: cut:3 \(agent\)\n$/);
});
