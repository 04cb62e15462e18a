import { badRequest } from '../store.ts';

/**
 * The headers that response parameters set: `{prefix}X` to a static value, which a mapping expression writes in single quotes.
 * @param prefix `method.response.header.` or `gatewayresponse.header.`
 * @throws {AwsError} BadRequestException that names a parameter or an expression that is something else
 */
export function readStaticHeaders(parameters: Readonly<Record<string, string>>, prefix: string): [string, string][] {
  return Object.entries(parameters).map(([parameter, value]) => {
    const header = parameter.startsWith(prefix) ? parameter.slice(prefix.length) : '';
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(header))
      throw badRequest(`Invalid mapping expression parameter specified: ${parameter}`);
    if (!/^'[^']*'$/.test(value))
      throw badRequest(
        `the emulator supports only static values in single quotes as mapping expressions, not ${value}`,
      );
    return [header, value.slice(1, -1)];
  });
}
