import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { hasTmux, startInTmux, type TmuxSession } from '../helpers/tmux.ts';

const DEMO = fileURLToPath(new URL('../../scripts/demo.js', import.meta.url));
/** The demo takes 25 s on a machine that does nothing else. */
const PATIENCE_MS = 150_000;

let session: TmuxSession | undefined;
afterEach(() => {
  session?.close();
  session = undefined;
});

/** A line of `dev` behind or before text of another program. */
const TWO_PROGRAMS = /\S.*\d\d:\d\d:\d\d (POST|DELETE)|(POST|DELETE) \/\w+ \d{3}.*[a-z]{4,}:? *\d\d:\d\d|.+dev: \d+ requests?/;

describe.skipIf(!hasTmux)('on a real terminal', () => {
  test.each([
    [80, 24],
    [120, 40],
  ])('the demo tells its story on %i x %i', { timeout: PATIENCE_MS }, async (columns, rows) => {
    session = startInTmux([], { env: {}, columns, rows, script: DEMO });
    await session.see(/\[status \d+\]/, PATIENCE_MS);
    const screen = session.screen();
    const lines = screen.split('\n');
    expect(lines.length, screen).toBeLessThanOrEqual(60);
    expect(lines.filter((line) => TWO_PROGRAMS.test(line))).toEqual([]);
    const story = [
      '$ agentstream deploy',
      'it streams',
      '$ agentstream invoke --stats',
      'none had been late.',
      '--heartbeat 0',
      'the idle limit of this endpoint: the stream was cut',
      'Are you there?',
      'heartbeats',
      '$ agentstream bench',
      'ttfb',
      '$ agentstream destroy --yes',
      'nothing is left',
      '[status 0]',
    ];
    // Sentences are broken where the screen ends.
    const text = screen.replaceAll(/\s+/g, ' ');
    let from = 0;
    for (const part of story) {
      const at = text.indexOf(part, from);
      expect(at, `${part} in:\n${screen}`).toBeGreaterThanOrEqual(from);
      from = at;
    }
  });

  test.each([
    ['keeps its request lines back while --exec runs', [], 0],
    ['shows them with --verbose', ['--verbose'], 2],
  ])('dev %s', { timeout: 60_000 }, async (_, flags, shown) => {
    const exec = 'printf "half a line "; agentstream invoke one; agentstream invoke two; printf "the end"; echo';
    session = startInTmux(['dev', '--port', '0', '--agent', 'echo', ...flags, '--exec', exec], { env: {}, columns: 80 });
    await session.see(/\[status 0\]/, 60_000);
    const screen = session.screen();
    expect(screen.match(/POST \/invoke 200/g) ?? []).toHaveLength(shown);
    expect(screen.includes('dev: 2 requests · --verbose shows each')).toBe(shown === 0);
    expect(/^half a line one$/m.test(screen)).toBe(shown === 0);
    expect(screen).toMatch(/^the end$/m);
  });
});
