// Prints the figures of the house: how many files and lines, how long files are, circles, exports without a second
// user. Exits with 1 when there is a circle or an unused export.
//   npm run house
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const LONGEST = 300;

const files = ['src', 'lambda'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .map((name) => join(folder, name)),
);
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const lengths = [...texts.values()].map((text) => text.split('\n').length - 1);
lengths.sort((a, b) => a - b);
const count = (/** @type {(lines: number) => boolean} */ test) => lengths.filter(test).length;

/** Words of a sentence that reads as translated, outside of code. */
const CLUMSY =
  /(?:^|[.!?;] |\/\*\* ?|\/\/ |^\s*\* |')Of [a-z]|(?:\/\*\* |\/\/ |^\s*\* )(?:What|Who|Whom|Whoever) (?!.*\?)|(?<!there )\b(?:is|are|was) no (?!longer|more)[a-z]|\bby (?:itself|themselves)\b|, too[.,;:)]|\bheed|\bon (?:its|their|the) way\b|\bwhoever\b/;
const COMMENT_OR_TEXT = /\/\/ .*|\/\*\*.*|^\s*\*.*|'[^']{20,}'|`[^`]{20,}`/;

console.log(`files in src and lambda    ${files.length}`);
console.log(`lines                      ${lengths.reduce((sum, lines) => sum + lines, 0)}`);
console.log(`median lines of a file     ${lengths[Math.floor(lengths.length / 2)]}`);
console.log(`files over ${LONGEST} lines       ${count((lines) => lines > LONGEST)}`);
console.log(`files of at most 20 lines  ${count((lines) => lines <= 20)}`);
console.log(`files at the top of src    ${files.filter((file) => dirname(file) === 'src').length}`);
const found = circles();
for (const circle of found) console.log(`circle                     ${circle.join(' -> ')}`);
console.log(`files in circles           ${found.flat().length}, type imports counted`);
const unused = unusedExports();
console.log(`exports without a user     ${[unused.length, ...unused].join('\n  ')}`);
const clumsy = clumsySentences();
console.log(`clumsy sentences           ${[clumsy.length, ...clumsy].join('\n  ')}`);
if (found.length + unused.length > 0) process.exitCode = 1;

/** Groups of files that import one another, type imports counted (Tarjan). */
function circles() {
  /** @type {Map<string, {index: number, low: number, open: boolean}>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const found = [];
  const visit = (/** @type {string} */ file) => {
    const node = { index: seen.size, low: seen.size, open: true };
    seen.set(file, node);
    stack.push(file);
    for (const to of importsOf(file)) {
      const known = seen.get(to);
      if (!known) node.low = Math.min(node.low, visit(to).low);
      else if (known.open) node.low = Math.min(node.low, known.index);
    }
    if (node.low === node.index) {
      const circle = stack.splice(stack.indexOf(file));
      for (const member of circle) Object.assign(seen.get(member) ?? {}, { open: false });
      if (circle.length > 1) found.push(circle);
    }
    return node;
  };
  for (const file of files) if (!seen.has(file)) visit(file);
  return found;
}

/** @param {string} file */
function importsOf(file) {
  const found = (texts.get(file) ?? '').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, path = '']) => join(dirname(file), path)).filter((to) => texts.has(to));
}

/** As knip counts them; tests are users, too. */
function unusedExports() {
  const args = ['knip', '--include', 'files,exports,types', '--reporter', 'json', '--no-exit-code'];
  const { stdout } = spawnSync('npx', ['--no-install', ...args], { encoding: 'utf8' });
  /** @type {{ issues: { file: string, files?: unknown[], exports: { name: string }[], types: { name: string }[] }[] }} */
  const { issues } = JSON.parse(stdout);
  const names = issues.flatMap(({ file, files = [], exports, types }) => [
    ...files.map(() => file),
    ...[...exports, ...types].map(({ name }) => `${file}: ${name}`),
  ]);
  return names;
}

function clumsySentences() {
  return [...texts].flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const said = COMMENT_OR_TEXT.exec(line)?.[0];
      return said && CLUMSY.test(said) ? [`${file}:${index + 1}: ${said.trim()}`] : [];
    }),
  );
}
