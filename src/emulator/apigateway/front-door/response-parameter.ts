import { badRequest } from '../store.ts';

/**
 * The header that a response parameter sets: `method.response.header.X` or `gatewayresponse.header.X`.
 * @throws {AwsError} BadRequestException that names the parameter, when it is something else
 */
export function headerOfParameter(parameter: string, prefix: string): string {
  const header = parameter.startsWith(prefix) ? parameter.slice(prefix.length) : '';
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(header))
    throw badRequest(`Invalid mapping expression parameter specified: ${parameter}`);
  return header;
}

/**
 * The text of a static value, which a mapping expression writes in single quotes.
 * @throws {AwsError} BadRequestException that names the expression, when it is not a static value
 */
export function literalOf(expression: string): string {
  if (!/^'[^']*'$/.test(expression)) {
    throw badRequest(
      `the emulator supports only static values in single quotes as mapping expressions, not ${expression}`,
    );
  }
  return expression.slice(1, -1);
}
