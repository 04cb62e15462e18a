import { writeNewFile } from '../cli/files.ts';
import { UsageError } from '../cli/errors.ts';
import { checkSessionId } from './turn-flags.ts';
import { formatMs, plural } from '../ui/format.ts';
import { keyValueLines } from '../ui/table.ts';
import { fitText } from '../ui/wrap-text.ts';
import { createStyle, type Terminal } from '../ui/terminal.ts';
import { renderTimeline } from './timeline.ts';
import type { ChatSession, PastTurn } from './chat-session.ts';
import { HOPS } from '../stream/stream-part.ts';

export interface CommandScope {
  readonly session: ChatSession;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Opens $EDITOR on a text; undefined when the result is empty. */
  readonly edit: (text: string) => Promise<string | undefined>;
  /** Sends a prompt `turns` times over the session's hop. @returns the report */
  readonly bench: (prompt: string, turns: number, signal: AbortSignal) => Promise<string>;
}

/** Tells the chat how to continue. */
export type CommandResult =
  | { readonly type: 'stay' }
  | { readonly type: 'leave' }
  | { readonly type: 'send'; readonly prompt: string };

interface SlashCommand {
  readonly usage: string;
  readonly summary: string;
  /** Values of its argument, for completion. */
  readonly values?: readonly string[];
  run(scope: CommandScope, argument: string): Promise<CommandResult> | CommandResult;
}

const STAY: CommandResult = { type: 'stay' };
const say = ({ terminal }: CommandScope, text: string): CommandResult => {
  terminal.stderr.write(fitText(`${text}\n`, terminal.stderr));
  return STAY;
};

/** Every command of the chat, by name. */
const SLASH_COMMANDS: Readonly<Record<string, SlashCommand>> = {
  help: {
    usage: '/help',
    summary: 'list the commands',
    run: ({ terminal: { stderr } }) => {
      const rows = Object.values(SLASH_COMMANDS).map(({ usage, summary }) => [usage, summary] as const);
      stderr.write(keyValueLines(rows, '  ', stderr) + fitText(KEYS, stderr));
      return STAY;
    },
  },
  new: {
    usage: '/new',
    summary: 'start a new session',
    run: (scope) => {
      scope.session.startSession();
      return say(scope, `session ${scope.session.sessionId} (new)`);
    },
  },
  session: {
    usage: '/session [ID]',
    summary: 'show the session, or continue another',
    run: (scope, id) => {
      if (id !== '') scope.session.resumeSession(checkSessionId(id));
      return say(scope, `session ${scope.session.sessionId}${scope.session.isNewSession ? ' (new)' : ''}`);
    },
  },
  hop: {
    usage: '/hop api|lambda|agentcore',
    summary: 'send turns through API Gateway, to Lambda, or to AgentCore',
    values: HOPS,
    run: async (scope, name) => {
      const hop = HOPS.find((each) => each === name);
      if (hop) await scope.session.changeHop(hop);
      else if (name !== '') throw new UsageError('INVALID_HOP', `not a hop: ${name}`, { hint: HOPS.join(', ') });
      return say(scope, `hop ${scope.session.hop}`);
    },
  },
  raw: { usage: '/raw', summary: 'turn unstyled text and events of unknown shape on or off', run: toggle('raw') },
  events: { usage: '/events', summary: 'turn a line for each event other than text on or off', run: toggle('showEvents') },
  stats: {
    usage: '/stats [full]',
    summary: 'turn the timing of each turn on or off, or show all of it',
    values: ['full'],
    run: (scope, argument) => {
      const { settings } = scope.session;
      settings.stats = argument === 'full' ? 'full' : settings.stats === 'off' ? 'short' : 'off';
      return say(scope, settings.stats === 'short' ? 'on' : settings.stats);
    },
  },
  timeline: {
    usage: '/timeline',
    summary: 'show the last turn as a waterfall',
    run: ({ session, terminal }) => {
      const { timeline } = lastTurn(session);
      terminal.stderr.write(renderTimeline(timeline, terminal.stderr.columns, createStyle(terminal.stderr, terminal.env)));
      return STAY;
    },
  },
  save: {
    usage: '/save FILE.md|FILE.ndjson',
    summary: 'save the conversation as Markdown, or its recordings for bench --replay and dev --agent',
    run: (scope, file) => {
      if (!/\.(md|ndjson)$/.test(file))
        throw new UsageError('INVALID_FILE', `/save takes FILE.md or FILE.ndjson, not ${file || 'nothing'}`);
      const { turns } = scope.session;
      const text = file.endsWith('.md')
        ? toMarkdown(turns)
        : turns
            .flatMap(({ recording }) => recording)
            .map((line) => `${line.trimEnd()}\n`)
            .join('');
      writeNewFile(file, text);
      return say(scope, `saved ${plural(turns.length, 'turn')} to ${file}`);
    },
  },
  retry: {
    usage: '/retry',
    summary: 'send the last prompt again',
    run: ({ session }) => ({ type: 'send', prompt: lastTurn(session).prompt }),
  },
  edit: {
    usage: '/edit',
    summary: 'write the prompt in $EDITOR',
    run: async (scope) => {
      const prompt = await scope.edit(scope.session.turns.at(-1)?.prompt ?? '');
      return prompt === undefined ? say(scope, 'nothing to send') : { type: 'send', prompt };
    },
  },
  bench: {
    usage: '/bench N',
    summary: 'measure the last prompt: send it N times, each in a new session',
    run: async (scope, argument) => {
      const count = /^\d{1,3}$/.test(argument) ? Number(argument) : 0;
      if (count < 1) throw new UsageError('INVALID_NUMBER', `/bench takes a number from 1 to 999, not ${argument || 'nothing'}`);
      const { prompt } = lastTurn(scope.session);
      scope.terminal.stderr.write(await scope.bench(prompt, count, scope.signal));
      return STAY;
    },
  },
  exit: { usage: '/exit', summary: 'leave (also Ctrl-D)', run: () => ({ type: 'leave' }) },
};

const KEYS = `
  Enter sends; Alt+Enter or Ctrl+J starts a new line; a pasted block is one prompt; """ begins and ends a block.
  Up and Ctrl-R bring back earlier prompts; Tab completes a command.
  Ctrl-C stops the answer and the agent; twice on an empty prompt leaves.
`;

/**
 * Runs a line that begins with a slash.
 * @throws {UsageError} for an unknown command or a wrong argument, {OperationError} when the command fails
 */
export async function runSlashCommand(line: string, scope: CommandScope): Promise<CommandResult> {
  const [, name = '', argument = ''] = /^\/(\S*)\s*([^]*)$/.exec(line.trim()) ?? [];
  const command = Object.hasOwn(SLASH_COMMANDS, name) ? SLASH_COMMANDS[name] : undefined;
  if (!command) throw new UsageError('UNKNOWN_COMMAND', `no such command: /${name}`, { hint: '/help lists them' });
  return command.run(scope, argument.trim());
}

/** Completions of a line. */
export function completeSlashCommand(line: string): readonly string[] {
  if (!line.startsWith('/')) return [];
  return Object.entries(SLASH_COMMANDS)
    .flatMap(([name, { values = [] }]) => [`/${name}`, ...values.map((value) => `/${name} ${value}`)])
    .filter((text) => text.startsWith(line) && text.split(' ').length === line.split(' ').length);
}

function toggle(setting: 'raw' | 'showEvents') {
  return (scope: CommandScope): CommandResult => {
    const { settings } = scope.session;
    settings[setting] = !settings[setting];
    return say(scope, settings[setting] ? 'on' : 'off');
  };
}

function lastTurn(session: ChatSession) {
  const turn = session.turns.at(-1);
  if (turn) return turn;
  throw new UsageError('NO_TURN', 'there is no turn yet');
}

/** A conversation as Markdown: prompts as quotes, answers as the agent wrote them. */
function toMarkdown(turns: readonly PastTurn[]): string {
  return turns
    .map(({ prompt, answer, stopped, result }) => {
      const quoted = prompt
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
      const { outcome, ttftMs, durationMs } = result.metrics;
      const note = stopped ? '_stopped_' : outcome === 'ok' ? '' : `_${outcome}_`;
      const times = ttftMs === undefined ? '' : `_first text ${formatMs(ttftMs)}, ${formatMs(durationMs)} in all_`;
      return [quoted, answer.trimEnd(), note, times].filter((part) => part !== '').join('\n\n');
    })
    .join('\n\n---\n\n')
    .concat('\n');
}
