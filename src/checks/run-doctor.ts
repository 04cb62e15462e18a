import { resolveAwsAccess } from '../aws/aws-access.ts';
import type { CommandContext } from '../cli/context.ts';
import { examine } from './examine.ts';
import { OperationError } from '../cli/errors.ts';
import {
  readStackName,
  readTokenOrigin,
  type StackFlags,
  type TokenFlags,
} from '../cli/options.ts';
import { createDoctorReporter } from './doctor-reporter.ts';

/** Flags of `doctor`. */
export interface DoctorFlags extends StackFlags, TokenFlags {
  readonly agentArn?: string;
}

/**
 * Checks the machine, the account, the stack, its agent and its endpoint, and prints each check as it is known.
 * @throws {OperationError} CHECKS_FAILED when one of them fails
 */
export async function runDoctor(
  flags: DoctorFlags,
  { terminal, signal, target }: CommandContext,
): Promise<void> {
  const stackName = readStackName(flags, terminal.env);
  const access = resolveAwsAccess(flags, terminal.env);
  const reporter = createDoctorReporter(terminal, target, { json: flags.json === true });
  const counts = { checks: 0, failed: 0, warnings: 0 };
  const checks = examine({
    stackName,
    access,
    agentArn: flags.agentArn ?? terminal.env['AGENTSTREAM_AGENT_ARN'],
    nodeVersion: process.versions.node,
    nowMs: () => Date.now(),
    given: readTokenOrigin(flags, terminal.env),
    signal,
  });
  for await (const check of checks) {
    counts.checks += 1;
    if (check.status === 'failed') counts.failed += 1;
    if (check.status === 'warning') counts.warnings += 1;
    reporter.check(check);
  }
  reporter.end(counts);
  if (counts.failed === 0) return;
  throw new OperationError('CHECKS_FAILED', `${counts.failed} of ${counts.checks} checks failed`, {
    isInDocument: true,
  });
}
