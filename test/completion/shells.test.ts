import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';
import { isInstalled, type Shell, startShell } from '../helpers/shell.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const has = Object.fromEntries(SHELLS.map((name) => [name, isInstalled(name)]));

let folder: string;
const shells: Shell[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentstream-shells-'));
  for (const shell of SHELLS) {
    const { exitCode, stdout } = await runCli(['completion', shell]);
    expect(exitCode).toBe(0);
    writeFileSync(join(folder, `completion.${shell}`), stdout);
  }
  writeFileSync(join(folder, 'a recording.ndjson'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  for (const shell of shells.splice(0)) shell.close();
});

/** What a shell's own completion gives for the words of a line, the last of which is being typed. */
function completeInBash(...words: string[]): string[] {
  const script = `source completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _agentstream; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run('bash', '--norc', '-c', script, 'bash', 'agentstream', ...words);
}

function completeInFish(...words: string[]): string[] {
  const script = `source completion.fish; complete -C (string join ' ' -- $argv)`;
  return run('fish', '--no-config', '-c', script, 'agentstream', ...words).map((line) => line.split('\t')[0] ?? '');
}

function run(command: string, ...args: string[]): string[] {
  const { stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

/** The same questions for both. */
const QUESTIONS: readonly (readonly [words: readonly string[], answers: readonly string[]])[] = [
  [['de'], ['deploy', 'dev', 'destroy']],
  [
    ['deploy', '--aut'],
    ['--auth', '--auth-scope', '--authorizer-arn', '--authorizer-ttl'],
  ],
  [
    ['deploy', '--auth', ''],
    ['api-key', 'iam', 'cognito', 'lambda', 'none'],
  ],
  [['deploy', '--stack-name', 'x', '--auth', 'i'], ['iam']],
  // A value that is also the name of a command is still a value.
  [['deploy', '--stack-name', 'bench', '--auth', 'n'], ['none']],
  [['bench', '--prompts', 'compare', '--vu'], ['--vus']],
  [['bench', 'c'], ['compare']],
  [['bench', 'export', ''], ['artillery']],
  [['bench', 'compare', '--mark'], ['--markdown']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['logs', '--source', 'a'], ['access']],
  [['deploy', '--stack-name', 'zzz'], []],
];

test.skipIf(!has['bash']).each(QUESTIONS)('bash completes %j', (words, answers) => {
  expect(completeInBash(...words).sort()).toEqual([...answers].sort());
});

test.skipIf(!has['bash']).each([
  [
    ['deploy', '--auth', '='],
    ['api-key', 'iam', 'cognito', 'lambda', 'none'],
  ],
  [['deploy', '--auth', '=', 'i'], ['iam']],
  [['deploy', '--auth', '=', 'iam', '--memo'], ['--memory']],
])('bash cuts --option=value, and completes it: %j', (words, answers) => {
  expect(completeInBash(...words)).toEqual(answers);
});

test.skipIf(!has['fish']).each(QUESTIONS)('fish completes %j', (words, answers) => {
  // Of a command with commands fish offers no files, and descriptions are cut off above.
  expect(completeInFish(...words).sort()).toEqual([...answers].sort());
});

test.skipIf(!has['fish'])('fish completes files where a file is meant', () => {
  expect(completeInFish('invoke', '--record', 'a')).toEqual(['a recording.ndjson']);
  expect(completeInFish('deploy', '--region', 'a')).toEqual([]);
});

/** A shell with the completion loaded, and a program that says what it was called with. */
async function start(command: string, setUp: string): Promise<Shell> {
  const shell = startShell(command, folder);
  shells.push(shell);
  shell.type(`agentstream() { echo "called<$*>"; }; ${setUp}; echo ready''now\n`);
  await shell.see(/readynow\r?\n/);
  return shell;
}

const INTERACTIVE = [
  ['bash', 'bash --norc --noprofile -i', 'source completion.bash; source completion.bash'],
  ['zsh', 'zsh -f -i', 'autoload -Uz compinit; compinit -D -u; source completion.zsh'],
] as const;

for (const [name, command, setUp] of INTERACTIVE) {
  test.skipIf(!has[name])(`${name}, with the Tab key`, async () => {
    const shell = await start(command, setUp);
    shell.type('agentstream depl\t--auth ia\t\n');
    await shell.see(/called<deploy --auth[ =]iam>/);
    shell.type('agentstream ben\tcomp\t--markd\tx.md\n');
    await shell.see(/called<bench compare --markdown[ =]x\.md>/);
    shell.type('agentstream invoke --record a\t\n');
    await shell.see(/called<invoke --record a recording\.ndjson>/);
    // Nothing of what is typed is run by completing it.
    shell.type('agentstream invoke "$(touch ran)" --ra\t\n');
    await shell.see(/called<invoke +--raw>/);
  });
}

test.skipIf(!has['bash'])('completing runs nothing that stands on the line', () => {
  completeInBash('invoke', '$(touch evil)', '`touch evil`', '--r');
  expect(run('ls')).not.toContain('evil');
});

test('each script has every command and option that the help has', async () => {
  const help = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await runCli([...args, '--help']);
    return [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag ?? '');
  };
  const { stdout } = await runCli(['--help']);
  const commands = [...stdout.matchAll(/^ {2}(\w+) .*/gm)].map(([, name]) => name ?? '');
  expect(commands).toContain('doctor');
  for (const shell of SHELLS) {
    const script = (await runCli(['completion', shell])).stdout;
    for (const command of commands.filter((name) => name !== 'help' && name !== 'agentstream')) {
      expect(script).toMatch(new RegExp(`[ |_'(]${command}[ '):|]`));
      for (const flag of await help(command)) {
        expect(script).toContain(shell === 'fish' ? `-l ${flag.slice(2)}` : flag);
      }
    }
  }
});

test('another shell is wrong use', async () => {
  const { exitCode, stderr } = await runCli(['completion', 'csh']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish');
});
