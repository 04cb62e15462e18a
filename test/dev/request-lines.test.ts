import { expect, test } from 'vitest';
import { createRequestLines, type DevEvent } from '../../src/dev/request-lines.ts';
import { createMemoryTerminal } from '../helpers/memory-terminal.ts';
import { createStyle } from '../../src/ui/terminal.ts';

const SESSION = '1a2b3c4d-0000-4000-8000-000000000000';
type Request = Extract<DevEvent, { type: 'endpoint-request' }>;
const request = (members: Partial<Request> = {}): Request => ({
  type: 'endpoint-request',
  method: 'POST',
  path: '/invoke',
  status: 200,
  ttfbMs: 168,
  longestGapMs: 1_200,
  events: 14,
  sessionId: SESSION,
  end: 'complete',
  ...members,
});
const direct = (members: object = {}): DevEvent => ({
  type: 'api-call',
  service: 'bedrock-agentcore',
  action: 'POST /runtimes/arn%3Ax/invocations',
  status: 200,
  caller: 'arn:aws:iam::000000000000:root',
  durationMs: 30,
  sessionId: SESSION,
  ...members,
});
const ROLE = 'arn:aws:sts::000000000000:assumed-role/function/x';

function print(events: readonly DevEvent[], { held = false, columns = 200, env = {} } = {}): string {
  const { stderr, text } = createMemoryTerminal({ isTTY: true });
  const output = { ...stderr, canRedraw: true, columns };
  const style = createStyle(output, { NO_COLOR: '1', ...env });
  const lines = createRequestLines(output, style, { isHeldBack: () => held, clock: () => '20:59:03' });
  for (const event of events) lines.event(event);
  lines.finish();
  return text.stderr;
}

test.each<[name: string, line: string, ...events: DevEvent[]]>([
  ['a good turn', 'POST /invoke 200  ttfb 168 ms · longest silence 1.20 s · 14 events · session 1a2b3c4d', request()],
  [
    'a refusal of the gateway',
    'POST /invoke 403 no x-api-key  no body · longest silence 1.20 s',
    request({ status: 403, reason: 'no x-api-key', ttfbMs: undefined, events: undefined, sessionId: undefined } as never),
  ],
  [
    'an agent that is not there, in its own words',
    'POST /invoke 424 no connection to http://127.0.0.1:8081  ttfb',
    { type: 'agent-failure', sessionId: SESSION, reason: 'no connection to http://127.0.0.1:8081' },
    request({ status: 424, reason: 'AGENT_ERROR: the agent failed to handle the request' }),
  ],
  [
    'a failure after the stream has begun',
    'POST /invoke 200 error event STREAM_INTERRUPTED: it broke (the agent broke off)  ttfb',
    { type: 'agent-failure', sessionId: SESSION, reason: 'the agent broke off' },
    request({ reason: 'error event STREAM_INTERRUPTED: it broke' }),
  ],
  ['a stream that was cut', 'POST /invoke 200 the stream was cut  ttfb', request({ end: 'cut' })],
  ['a client that left', 'POST /invoke 200 the client closed the connection  ttfb', request({ end: 'client-closed' })],
  ['a turn without API Gateway', 'agentcore InvokeAgentRuntime 200  30 ms in all · session 1a2b3c4d', direct()],
  [
    'a turn without API Gateway that failed',
    'agentcore InvokeAgentRuntime 404 ResourceNotFoundException  30 ms in all',
    direct({ status: 404, errorCode: 'ResourceNotFoundException' }),
  ],
  [
    'a turn of the function alone',
    'lambda InvokeWithResponseStream 200  30 ms in all',
    direct({ service: 'lambda', action: 'POST /2021-11-15/functions/f/response-streaming-invocations' }),
  ],
])('%s', (_, line, ...events) => {
  expect(print(events)).toContain(`20:59:03 ${line}`);
  expect(print(events).split('\n')).toHaveLength(2);
});

test('calls of the function, and of the control plane, have no line', () => {
  expect(print([direct({ caller: ROLE }), direct({ action: 'GET /runtimes/x' }), { type: 'session-start' }])).toBe('');
});

test('a broken stream is not green', () => {
  const green = '\u001B[32m';
  const env = { NO_COLOR: undefined, FORCE_COLOR: '1' };
  expect(print([request()], { env })).toContain(green);
  for (const members of [{ end: 'cut' }, { reason: 'error event X' }, { status: 424 }] as const) {
    expect(print([request(members)], { env })).not.toContain(green);
  }
});

test('probes and stopped sessions in a row are one line; those that failed have their own', () => {
  const probe = request({ path: '/probe' });
  const stop = request({ method: 'DELETE' });
  const failed = request({ method: 'DELETE', status: 404, reason: 'SESSION_NOT_FOUND: gone' });
  const lines = print([probe, probe, stop, failed, probe]).split('\n');
  expect(lines).toEqual([
    '20:59:03 2 probes, 1 stopped session',
    expect.stringContaining('DELETE /invoke 404 SESSION_NOT_FOUND: gone'),
    '20:59:03 1 probe',
    '',
  ]);
});

test('while a command runs on the terminal nothing is printed but one line at the end', () => {
  const failure: DevEvent = { type: 'agent-failure', sessionId: SESSION, reason: 'no connection to http://x' };
  expect(print([request(), direct(), failure, request({ status: 424 })], { held: true })).toBe(
    'dev: 3 requests, 1 failed: 424 no connection to http://x · --verbose shows each\n',
  );
  expect(print([], { held: true })).toBe('');
});

test.each([40, 60, 80])('a line is broken between words on a terminal of %i columns, and keeps all its parts', (columns) => {
  const failed = request({ status: 424, reason: 'AGENT_ERROR: the agent failed to handle the request that it was sent' });
  const events: DevEvent[] = [request(), failed, { type: 'agent-note', text: 'waiting for the agent on port 8080 '.repeat(3) }];
  const shown = print(events, { columns });
  for (const line of shown.trimEnd().split('\n')) {
    expect(line.length, shown).toBeLessThanOrEqual(columns);
    expect(line).toMatch(/^(20:59:03| {8}) \S/);
  }
  expect(shown.replaceAll(/\s+/g, ' ')).toBe(print(events).replaceAll(/\s+/g, ' '));
  // A name and its figure are not parted.
  expect(shown).toContain('longest silence 1.20 s');
});
