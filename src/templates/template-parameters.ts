import { readTemplateSource } from './template-source.ts';

/** One parameter: two spaces before its name, four before what is said of it. */
const PARAMETER = /^ {2}(\w+):\n((?: {4}.*\n)+)/gm;
const DEFAULT = /^ {4}Default: (.*)$/m;

/** The template's parameters by name, in their order, with their defaults; undefined for one that has to be given. */
export function templateParameters(
  source = readTemplateSource(),
): ReadonlyMap<string, string | undefined> {
  const section = source.slice(source.indexOf('\nParameters:'), source.indexOf('\nConditions:'));
  return new Map(
    [...section.matchAll(PARAMETER)].map(([, name = '', body = '']) => [
      name,
      DEFAULT.exec(body)?.[1]?.replace(/^'(.*)'$/, '$1'),
    ]),
  );
}

/**
 * The template with other defaults.
 * @param values by parameter name; what is undefined, or no parameter, is left out
 */
export function withDefaults(
  source: string,
  values: Readonly<Record<string, string | undefined>>,
): string {
  const end = source.indexOf('\nConditions:');
  const section = source
    .slice(0, end)
    .concat('\n')
    .replaceAll(PARAMETER, (whole, name, body) => {
      const value = values[String(name)];
      if (value === undefined) return whole;
      const line = `    Default: '${value.replaceAll("'", "''")}'`;
      return DEFAULT.test(String(body)) ? whole.replace(DEFAULT, () => line) : `${whole}${line}\n`;
    });
  return section.slice(0, -1) + source.slice(end);
}
