import type { Command } from 'commander';
import { type AwsAccess, resolveAwsAccess } from '../aws/aws-access.ts';
import type { CommandContext } from '../cli/context.ts';
import { baseUrl, endpointUrl, findStack, idleLimitOf } from '../endpoint/endpoint.ts';
import { tokenHeaderOf } from '../endpoint/endpoint-auth.ts';
import { UsageError } from '../cli/errors.ts';
import type { ApiFacts } from '../openapi/api-facts.ts';
import { openApiDocument } from '../openapi/document.ts';
import { addStackFlags, readStackName, type StackFlags } from '../cli/options.ts';
import { writeOutputFile } from '../cli/output-file.ts';
import { choiceOption } from '../cli/flag-values.ts';
import { AUTH_MODES } from '../stack/settings/authorization.ts';
import { createJsonLines } from '../ui/json-lines.ts';
import { readVersion } from '../cli/version.ts';

interface Flags extends StackFlags {
  readonly url?: string;
  readonly auth?: string;
  readonly output?: string;
}

const EXAMPLES = `
Examples:
  agentstream openapi > openapi.json
  agentstream openapi --output openapi.json
  agentstream openapi --url https://api.example.com/agent --auth cognito   # asks no stack
`;

export function configure(command: Command, context: CommandContext): void {
  addStackFlags(command)
    .option('--url <url>', 'base URL to describe, in place of a stack that is asked')
    .addOption(
      choiceOption(
        '--auth <mode>',
        'how callers of --url are authorized (default: api-key)',
        AUTH_MODES,
      ),
    )
    .option('--output <file>', 'write it to a file')
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => openapi(flags, context));
}

async function openapi(flags: Flags, { terminal }: CommandContext): Promise<void> {
  const { stdout, stderr, env } = terminal;
  const { output } = flags;
  const facts =
    flags.url === undefined
      ? await stackFacts(flags, env)
      : urlFacts(flags.url, flags.auth ?? 'api-key');
  const document = openApiDocument(facts);
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  if (output !== undefined) writeOutputFile(output, text);
  if (flags.json) createJsonLines(stdout)({ type: 'result', ok: true, file: output, document });
  else if (output === undefined) stdout.write(text);
  else stderr.write(`written: ${output}\n`);
}

/** @throws as `findStack`; {UsageError} AUTH_NEEDS_URL; {OperationError} STACK_NOT_READY */
async function stackFacts(flags: Flags, env: NodeJS.ProcessEnv): Promise<ApiFacts> {
  if (flags.auth !== undefined) {
    throw new UsageError('AUTH_NEEDS_URL', '--auth belongs to --url: a stack has its own mode', {
      hint: 'leave it out, or give --url',
    });
  }
  const access: AwsAccess = resolveAwsAccess(flags, env);
  const stack = await findStack(readStackName(flags, env), access);
  const { outputs, parameters } = stack;
  return {
    url: endpointUrl(stack, access),
    title: stack.name,
    version: readVersion(),
    authMode: outputs['AuthMode'] ?? 'none',
    scopes: (parameters['AuthScopes'] ?? '').split(',').filter((scope) => scope !== ''),
    tokenHeader: tokenHeaderOf(stack) ?? 'Authorization',
    idleLimitMs: idleLimitOf(stack, access),
  };
}

/** @throws {UsageError} INVALID_URL */
function urlFacts(url: string, authMode: string): ApiFacts {
  const base = baseUrl(url);
  return {
    url: base,
    title: new URL(base).host,
    version: readVersion(),
    authMode,
    scopes: [],
    tokenHeader: 'Authorization',
    idleLimitMs: undefined,
  };
}
