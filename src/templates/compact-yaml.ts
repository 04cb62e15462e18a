import { reindentYaml } from './reindent-yaml.ts';

/**
 * Makes YAML smaller, and leaves it YAML that people can read: without comments (but those above the first key) and blank lines, and
 * with an indentation of one.
 * @param text without block scalars, whose lines could look like comments
 */
export function compactYaml(text: string): string {
  let isHead = true;
  const lines = text.split('\n').filter((line) => {
    if (/^[A-Z]\w*:$/.test(line)) isHead = false;
    return line.trim() !== '' && (isHead || !line.trimStart().startsWith('#'));
  });
  return `${reindentYaml(lines.join('\n'), 1)}\n`;
}
