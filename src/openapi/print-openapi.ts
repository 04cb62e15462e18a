import { askEmulator, resolveAwsAccess } from '../aws/aws-access.ts';
import { baseUrl, endpointOf } from '../endpoint/endpoint.ts';
import { findStack } from '../aws/stack.ts';
import { UsageError } from '../cli/errors.ts';
import { openApiDocument } from './document.ts';
import { type CommandContext, readStackName, type StackFlags } from '../cli/options.ts';
import { writeOutputFile } from '../cli/files.ts';
import { createJsonLines } from '../ui/terminal.ts';
import { readVersion } from '../cli/version.ts';

interface OpenApiFlags extends StackFlags {
  readonly url?: string;
  readonly auth?: string;
  readonly output?: string;
}

/**
 * Prints or writes the document of a stack's API, or of a URL.
 * @throws as `stackFacts`; {UsageError} INVALID_URL; {OperationError} CANNOT_WRITE
 */
export async function printOpenApi(flags: OpenApiFlags, { terminal }: CommandContext): Promise<void> {
  const { stdout, stderr, env } = terminal;
  const { output } = flags;
  const facts = flags.url === undefined ? await stackFacts(flags, env) : { url: baseUrl(flags.url), authMode: flags.auth };
  const document = openApiDocument({ title: new URL(facts.url).host, version: readVersion(), ...facts });
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  if (output !== undefined) writeOutputFile(output, text);
  if (flags.json) createJsonLines(stdout)({ type: 'result', ok: true, file: output, document });
  else if (output === undefined) stdout.write(text);
  else stderr.write(`written: ${output}\n`);
}

/** @throws as `findStack`; {UsageError} AUTH_NEEDS_URL; {OperationError} STACK_NOT_READY */
async function stackFacts(flags: OpenApiFlags, env: NodeJS.ProcessEnv) {
  if (flags.auth !== undefined) {
    throw new UsageError('AUTH_NEEDS_URL', '--auth belongs to --url: a stack has its own mode', {
      hint: 'leave it out, or give --url',
    });
  }
  const access = await askEmulator(resolveAwsAccess(flags, env));
  const stack = await findStack(readStackName(flags, env), access);
  const { outputs, parameters } = stack;
  const { url, auth, idleLimitMs } = endpointOf(stack, access);
  return {
    url,
    title: stack.name,
    authMode: outputs['AuthMode'] ?? 'none',
    scopes: (parameters['AuthScopes'] ?? '').split(',').filter((scope) => scope !== ''),
    tokenHeader: auth.type === 'bearer' ? auth.header : undefined,
    idleLimitMs,
  };
}
