import type { StackLogGroup } from '../find-log-groups.ts';
import type { LogEntry } from '../log-entry.ts';
import type { LogEvent } from '../read-log-events.ts';
import { plural } from '../../ui/format.ts';
import { createJsonLines } from '../../ui/json-lines.ts';
import { logLine } from './log-lines.ts';
import { createStyle } from '../../ui/style.ts';
import type { Terminal } from '../../ui/terminal.ts';

/** Shows logs as they are read: events on stdout, all else on stderr. */
export interface LogReporter {
  begin(facts: {
    readonly stackName: string;
    readonly groups: readonly StackLogGroup[];
    readonly since: string;
  }): void;
  note(text: string): void;
  event(group: StackLogGroup, event: LogEvent, log: LogEntry): void;
  end(): void;
}

/** With `json` each event is a line with all that was read out of it; Lambda's START and END are there, too. */
export function createLogReporter(
  terminal: Terminal,
  { json }: { readonly json: boolean },
): LogReporter {
  const { stdout, stderr, env } = terminal;
  const story = createStyle(stderr, env);
  const style = createStyle(stdout, env);
  const print = createJsonLines(stdout);
  let shown = 0;
  let begun: { readonly since: string } | undefined;
  return {
    begin({ stackName, groups, since }) {
      begun = { since };
      const names = groups.map(({ source, name }) => `${source} ${name}`).join(', ');
      if (!json) stderr.write(story.dim(`logs of ${stackName} since ${since}: ${names}\n`));
    },
    note: (text) => stderr.write(`${story.yellow(text)}\n`),
    event({ name }, { stream, message }, log) {
      if (json) {
        shown += 1;
        const { atMs, source } = log;
        const read = 'entry' in log ? { [source]: log.entry } : {};
        const at = new Date(atMs).toISOString();
        print({ type: 'log', at, source, group: name, stream, message, ...read });
        return;
      }
      const line = logLine(log, style, stdout.isTTY);
      if (line === undefined) return;
      shown += 1;
      stdout.write(line);
    },
    end() {
      if (json) print({ type: 'result', ok: true, events: shown });
      else if (shown === 0) {
        stderr.write(
          `nothing since ${begun?.since}; a log event can take some seconds to arrive, and --since reaches further back\n`,
        );
      } else stderr.write(story.dim(`${plural(shown, 'event')}\n`));
    },
  };
}
