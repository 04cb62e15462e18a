import { turnFailure } from '../endpoint/turn-failure.ts';
import { AbortError, AgentstreamError, OperationError } from '../cli/errors.ts';
import { commandLine, type Target } from '../cli/command-line.ts';
import { tellFailure } from '../cli/failure.ts';
import { type LineInput, openLineInput } from './line-input.ts';
import { statsLine } from './stats-line.ts';
import { plainText } from '../ui/sanitize.ts';
import { fitText } from '../ui/wrap-text.ts';
import { createStyle, type Terminal } from '../ui/terminal.ts';
import type { ChatSession } from './chat-session.ts';
import { type CommandScope, completeSlashCommand, runSlashCommand } from './slash-commands.ts';
import type { ChatMemory } from './state-files.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ChatInput {
  readonly terminal: Terminal;
  readonly session: ChatSession;
  readonly memory: ChatMemory;
  /** Aborted on SIGTERM. */
  readonly signal: AbortSignal;
  /** Flags that lead to the endpoint, for printed commands. */
  readonly target: Target;
  readonly bench: CommandScope['bench'];
}

const BLOCK_MARK = '"""';

/** Reads prompts and commands until the user leaves. An error ends a turn, never the chat. */
export async function runChat(input: ChatInput): Promise<void> {
  const { terminal, session, memory, signal } = input;
  const style = createStyle(terminal.stderr, terminal.env);
  const lines = openLineInput(terminal, { history: memory.loadHistory(), complete: completeSlashCommand });
  const tell = (text: string): void => terminal.stderr.write(fitText(`${text}\n`, terminal.stderr));
  tell(
    style.dim(`session ${session.sessionId}${session.isNewSession ? ' (new)' : ''} · /help lists the commands · Ctrl-D leaves`),
  );
  // `/hop` changes the hop.
  const target = (): Target => ({ ...input.target, hop: session.hop === 'api' ? undefined : session.hop });
  const resumeCommand = (): string => commandLine(['agentstream', 'chat', '--session', session.sessionId], target());
  const leave = new AbortController();
  const onEnd = (): void => {
    leave.abort();
    lines.close();
  };
  signal.addEventListener('abort', onEnd, { once: true });
  try {
    await readAndSend();
  } finally {
    signal.removeEventListener('abort', onEnd);
    memory.saveHistory(lines.history);
    lines.close();
    if (session.turns.length > 0) {
      memory.saveSessionId(session.sessionId);
      // Whole, so that it can be copied.
      terminal.stderr.write(style.dim(`session ${session.sessionId}\nto continue: ${resumeCommand()}\n`));
    }
  }
  if (signal.aborted) throw new AbortError();

  async function readAndSend(): Promise<void> {
    let warned = false;
    while (!leave.signal.aborted) {
      const line = await readPrompt(lines, style.cyan('> '));
      if (line.type === 'end') {
        tell('');
        return;
      }
      if (line.type === 'interrupt') {
        if (line.wasEmpty && warned) return;
        if (line.wasEmpty) tell(style.dim('Ctrl-C again, Ctrl-D or /exit leaves'));
        warned = line.wasEmpty;
        continue;
      }
      warned = false;
      if (line.text.trim() === '') continue;
      const prompt = line.text.startsWith('/') ? await runCommand(line.text) : line.text;
      if (prompt === 'leave') return;
      if (prompt !== undefined) await send(prompt);
    }
  }

  /** Runs a slash command. @returns the prompt to send, if any */
  async function runCommand(line: string): Promise<string | undefined> {
    const interrupt = interruptible();
    try {
      const result = await runSlashCommand(line, {
        session,
        terminal,
        signal: interrupt,
        bench: input.bench,
        edit: (text) => lines.release(() => editText(text, terminal.env)),
      });
      if (result.type === 'leave') return 'leave';
      return result.type === 'send' ? result.prompt : undefined;
    } catch (error) {
      if (!(error instanceof AgentstreamError)) throw error;
      tellFailure(error, terminal, target());
      return undefined;
    }
  }

  async function send(prompt: string): Promise<void> {
    const { isNewSession, result } = await session.send(prompt, interruptible());
    const { idleLimitMs } = session.connection;
    for (const note of result.notes) tell(style.dim(`note: ${plainText(note)}`));
    const failure = turnFailure(result, idleLimitMs);
    if (failure) tellFailure(failure, terminal, target());
    const { stats } = session.settings;
    if (stats !== 'off') tell(style.dim(statsLine(result, { idleLimitMs, isNewSession }, stats === 'full')));
    tell('');
  }

  /** A signal that Ctrl-C aborts while something runs. */
  function interruptible(): AbortSignal {
    const controller = new AbortController();
    lines.watchInterrupt(() => controller.abort(new AbortError()));
    return AbortSignal.any([controller.signal, leave.signal]);
  }
}

/** One prompt: a line, or a block between two `"""`. */
async function readPrompt(lines: LineInput, mark: string): ReturnType<LineInput['read']> {
  const first = await lines.read(mark);
  if (first.type !== 'line' || !first.text.startsWith(BLOCK_MARK)) return first;
  let text = first.text.slice(BLOCK_MARK.length);
  while (!text.trimEnd().endsWith(BLOCK_MARK)) {
    const next = await lines.read('… ');
    if (next.type !== 'line') return next;
    text += `\n${next.text}`;
  }
  return { type: 'line', text: text.trimEnd().slice(0, -BLOCK_MARK.length).trim() };
}

const DEFAULT_EDITOR = process.platform === 'win32' ? 'notepad' : 'vi';

/**
 * Opens $VISUAL or $EDITOR on a text in the terminal.
 * @returns the edited text; undefined when it is empty
 * @throws {OperationError} EDITOR_FAILED when the editor cannot be started or fails
 */
async function editText(text: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const editor = env['VISUAL'] || env['EDITOR'] || DEFAULT_EDITOR;
  const folder = mkdtempSync(join(tmpdir(), 'agentstream-'));
  const file = join(folder, 'prompt.md');
  try {
    writeFileSync(file, text, { mode: 0o600 });
    // In a shell, because an editor may have arguments: "code --wait".
    const child = spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit', env });
    const [status] = (await once(child, 'close')) as [number | null];
    if (status !== 0) {
      throw new OperationError('EDITOR_FAILED', `the editor ended with status ${status}: ${editor}`, {
        hint: 'set EDITOR to an installed editor',
      });
    }
    return readFileSync(file, 'utf8').trim() || undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
