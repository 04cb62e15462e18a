import { badRequest } from '../store.ts';

/** Headers with static values, in single quotes: `{prefix}X` to `'text'`. @throws {AwsError} BadRequestException for others */
export function readStaticHeaders(parameters: Readonly<Record<string, string>>, prefix: string): [string, string][] {
  return Object.entries(parameters).map(([parameter, value]) => {
    const header = parameter.startsWith(prefix) ? parameter.slice(prefix.length) : '';
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(header))
      throw badRequest(`Invalid mapping expression parameter specified: ${parameter}`);
    if (!/^'[^']*'$/.test(value))
      throw badRequest(`the emulator supports only static values in single quotes as mapping expressions, not ${value}`);
    return [header, value.slice(1, -1)];
  });
}
