import { parseAgentRuntimeArn } from '../aws/arns.ts';
import type { CommandContext } from '../cli/context.ts';
import { checkSettings } from './check-settings.ts';
import { type DeployFlags, toParameters } from './deploy-flags.ts';
import { createTemplateRenderer } from './template-renderer.ts';

/** Flags of `template`. */
export interface TemplateFlags extends DeployFlags {
  readonly agentArn?: string;
}

/**
 * Prints the template; settings that are given become its defaults.
 * @throws {UsageError} INVALID_ARN, and as `checkSettings`
 */
export async function printTemplate(
  flags: TemplateFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const arn = flags.agentArn && parseAgentRuntimeArn(flags.agentArn).arn;
  const parameters = toParameters(flags, arn);
  checkSettings(parameters);
  const { render } = await createTemplateRenderer(undefined, true);
  terminal.stdout.write(render(parameters));
}
