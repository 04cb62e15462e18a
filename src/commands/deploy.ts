import type { Command } from 'commander';
import type { CommandContext } from '../cli/context.ts';
import {
  addDeployFlags,
  addOperationFlags,
  type DeployFlags,
  type OperationFlags,
  toParameters,
} from '../stack/deploy-flags.ts';
import { proveDeploy } from '../checks/deploy-proof.ts';
import { endpointHeaders, endpointUrl, stackNotFound } from '../endpoint/endpoint.ts';
import { tokenHeaderOf } from '../endpoint/endpoint-auth.ts';
import { OperationError } from '../cli/errors.ts';
import {
  addStackFlags,
  addTokenFlags,
  readTokenOrigin,
  type StackFlags,
  type TokenFlags,
} from '../cli/options.ts';
import { type AgentRuntimeArn, parseAgentRuntimeArn } from '../aws/agent-runtime-arn.ts';
import { attachStack } from '../stack/attach-stack.ts';
import { throwFailedCheck } from '../stack/check-result.ts';
import { type DeployInput, deployStack, previewDeploy } from '../stack/deploy-stack.ts';
import type { Stack } from '../aws/describe-stack.ts';
import { optionNotes } from '../stack/option-notes.ts';
import { runPreflight } from '../checks/preflight.ts';
import { replacesApi } from '../stack/resource-change.ts';
import { createTemplateRenderer } from '../stack/template-renderer.ts';
import { runOnStack, type StackRun } from '../stack/stack-run.ts';
import { MAX_TEMPLATE_BYTES } from '../templates/render.ts';
import { confirm } from '../cli/confirm.ts';
import { type DeploySummary, deployOutcome, nextSteps } from '../stack/report/deploy-summary.ts';
import { proofLines } from '../checks/proof-lines.ts';
import { createStyle } from '../ui/style.ts';

interface Flags extends StackFlags, DeployFlags, OperationFlags, TokenFlags {
  readonly agentArn?: string;
  readonly handler?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly attach?: boolean;
  readonly express?: boolean;
  readonly rollback: boolean;
  readonly skipPreflight?: boolean;
  readonly verify: boolean;
}

const EXAMPLES = `
Examples:
  agentstream deploy --agent-arn arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/my_agent-AbCdEfGhIj
  agentstream deploy --heartbeat 5s          # change one setting, keep all others
  agentstream deploy --dry-run --memory 1024 # what would change
  agentstream deploy --auth iam --stack-name staging --agent-arn ARN
  agentstream deploy --attach                # follow a deploy that goes on in AWS

Without an account: agentstream dev
`;

export function configure(command: Command, context: CommandContext): void {
  command.option(
    '--agent-arn <arn>',
    'ARN of the AgentCore runtime; needed the first time (env: AGENTSTREAM_AGENT_ARN)',
  );
  addOperationFlags(addDeployFlags(command))
    .option(
      '--handler <file>',
      'a function of your own (TypeScript) in place of ours; to be given with every deploy',
    )
    .option('--dry-run', 'show what would change, and change nothing')
    .option('-y, --yes', 'do not ask before the API is replaced (its URL changes)')
    .option('--attach', 'follow the operation that runs on the stack, or tell how the last ended')
    .option('--express', "CloudFormation's express mode: done when configured, not when ready")
    .option('--no-rollback', 'leave a failure as it is, to look at it')
    .option('--skip-preflight', 'do not check credentials, agent and account before')
    .option('--no-verify', 'do not ask the endpoint afterwards whether it serves and streams');
  addStackFlags(addTokenFlags(command))
    .addHelpText('after', EXAMPLES)
    .action((flags: Flags) => deploy(flags, context));
}

async function deploy(flags: Flags, context: CommandContext): Promise<void> {
  const arn = flags.agentArn ?? context.terminal.env['AGENTSTREAM_AGENT_ARN'];
  const agent = arn === undefined ? undefined : parseAgentRuntimeArn(arn);
  // What cannot be is said before anything is changed.
  readTokenOrigin(flags, context.terminal.env);
  const options = { agentRegion: agent?.region, follow: 'deploy --attach' };
  await runOnStack('deploy', flags, context, options, (run) =>
    flags.attach ? attach(flags, run, context) : change(flags, agent, run, context),
  );
}

async function change(
  flags: Flags,
  agent: AgentRuntimeArn | undefined,
  run: StackRun,
  context: CommandContext,
): Promise<void> {
  const startedAt = performance.now();
  const { client, access, report } = run;
  const renderer = await createTemplateRenderer(flags.handler);
  const parameters = toParameters(flags, agent?.arn);
  const template = renderer.render(parameters);
  const templateBytes = Buffer.byteLength(template);
  const functionBytes = renderer.codeBytes;
  const maxTemplateBytes = MAX_TEMPLATE_BYTES;
  report({ type: 'built', functionBytes, templateBytes, maxTemplateBytes });
  if (!flags.skipPreflight) {
    const { stackName } = run;
    const results = await runPreflight({ client, access, agent, stackName, parameters });
    for (const result of results) report({ type: 'check', result });
    throwFailedCheck(results);
  }
  for (const text of optionNotes(parameters)) report({ type: 'note', text });
  const input: DeployInput = {
    stackName: run.stackName,
    parameters,
    tags: flags.tag,
    terminationProtection: flags.terminationProtection,
    roleArn: flags.roleArn,
    renderTemplate: renderer.render,
    approve: (changes) => approve(replacesApi(changes), flags, run, context),
    isExpress: flags.express === true,
    disableRollback: !flags.rollback,
    onEvent: report,
    signal: context.signal,
  };
  if (flags.dryRun) {
    const { changes } = await previewDeploy(client, input);
    run.done();
    if (run.isJson) {
      const { stackName, region } = run;
      run.print({ type: 'result', ok: true, outcome: 'dry-run', stackName, region, changes });
    } else {
      const words = changes.length === 0 ? 'a deploy would change nothing' : 'nothing was changed';
      context.terminal.stderr.write(`${words} (--dry-run)\n`);
    }
    return;
  }
  const { type, stack } = await deployStack(client, input);
  await finish(stack, flags, run, context, {
    outcome: type,
    agentRegion: agent?.region,
    elapsedMs: performance.now() - startedAt,
    sizes: { functionBytes, templateBytes },
  });
}

async function attach(flags: Flags, run: StackRun, context: CommandContext): Promise<void> {
  const startedAt = performance.now();
  const { client, stackName, report } = run;
  const { signal } = context;
  const stack = await attachStack(client, { stackName, onEvent: report, signal });
  if (!stack) throw await stackNotFound(stackName, client);
  await finish(stack, flags, run, context, {
    outcome: stack.status === 'CREATE_COMPLETE' ? 'created' : 'updated',
    agentRegion: undefined,
    elapsedMs: performance.now() - startedAt,
    sizes: {},
  });
}

/** A new API has a new URL: whoever uses the old one has to know. */
async function approve(
  isReplaced: boolean,
  { yes }: Flags,
  { report, done }: StackRun,
  { terminal, signal }: CommandContext,
): Promise<void> {
  if (!isReplaced) return;
  const text = 'the API is replaced: it gets a new URL, and the old one is gone';
  report({ type: 'note', text });
  if (yes) return;
  done();
  await confirm(terminal, 'Replace it?', signal);
}

/**
 * Says what was done, and proves that it works.
 * @throws {OperationError} NOT_SERVING: the stack is there, but nobody is served
 */
async function finish(
  stack: Stack,
  flags: Flags,
  run: StackRun,
  context: CommandContext,
  facts: Pick<DeploySummary, 'outcome' | 'agentRegion' | 'elapsedMs'> & {
    readonly sizes: Readonly<Record<string, number>>;
  },
): Promise<void> {
  const { stackName, region, access, log, flagsText } = run;
  const { terminal } = context;
  const url = endpointUrl(stack, access);
  const { outcome, sizes } = facts;
  log?.write(`done: ${outcome}`);
  const proofs = readTokenOrigin(flags, terminal.env);
  const proof = flags.verify ? await proveDeploy(stack, run, context, proofs) : undefined;
  run.done();
  const failure =
    proof?.type === 'not-serving'
      ? new OperationError(
          'NOT_SERVING',
          `the stack ${stackName} is there, but its endpoint does not serve: ${proof.last.failure?.message ?? 'no answer'}`,
          { hint: 'what may be wrong: agentstream doctor' },
        )
      : undefined;
  if (run.isJson) {
    if (failure) throw failure;
    const { outputs } = stack;
    const logFile = log?.path;
    const result = { ok: true, outcome, stackName, region, url, outputs, ...sizes, proof, logFile };
    run.print({ type: 'result', ...result });
    return;
  }
  const authMode = stack.outputs['AuthMode'] ?? '';
  const { DomainName: name = '', DomainTarget: target } = stack.outputs;
  const dns = target === undefined ? undefined : { name, target };
  const caller = {
    tokenHeader: tokenHeaderOf(stack),
    headers: endpointHeaders(stack, access),
    access,
  };
  const summary = { ...facts, stackName, region, url, authMode, dns, ...caller };
  const style = createStyle(terminal.stderr, terminal.env);
  terminal.stderr.write(deployOutcome(summary, style));
  if (failure) throw failure;
  const proved = proof ? proofLines(proof, style, flagsText) : [];
  for (const line of proved) {
    log?.write(line);
    terminal.stderr.write(`${line}\n`);
  }
  terminal.stdout.write(`${url}\n`);
  terminal.stderr.write(nextSteps(summary, flagsText));
}
