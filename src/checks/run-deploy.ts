import { type DeployFlags, type OperationFlags, toParameters } from '../stack/deploy-flags.ts';
import { proveDeploy } from './deploy-proof.ts';
import { endpointOf } from '../endpoint/endpoint.ts';
import { type Stack, stackNotFound } from '../aws/stack.ts';
import { hint, OperationError } from '../cli/errors.ts';
import { type CommandContext, readTokenOrigin, type StackFlags, type TokenFlags } from '../cli/options.ts';
import { type AgentRuntimeArn, parseAgentRuntimeArn } from '../aws/arns.ts';
import { attachStack } from '../stack/watch-stack.ts';
import { type DeployInput, deployStack, previewDeploy } from '../stack/deploy-stack.ts';
import { optionNotes } from '../stack/option-notes.ts';
import { checkConcurrency } from './check-account-settings.ts';
import { checkJson, throwFailedCheck } from './check.ts';
import { runPreflight } from './preflight.ts';
import { replacesApi } from '../stack/resource-change.ts';
import { createTemplateRenderer } from '../stack/template-renderer.ts';
import { runOnStack, type StackRun } from '../stack/stack-run.ts';
import { MAX_TEMPLATE_BYTES } from '../templates/render.ts';
import { confirm } from '../cli/confirm.ts';
import { deployOutcome, type DeploySummary, nextSteps } from '../stack/report/deploy-summary.ts';
import { proofLines } from './proof-lines.ts';
import { createStyle } from '../ui/terminal.ts';

interface DeployCommandFlags extends StackFlags, DeployFlags, OperationFlags, TokenFlags {
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

/**
 * A deploy with its checks before and its proof after: what would fail is said before anything is changed, and what was deployed is asked
 * whether it serves and streams.
 * @throws {OperationError} NOT_SERVING; as `runPreflight`, `deployStack`, `attachStack`, `proveDeploy`
 */
export async function runDeploy(flags: DeployCommandFlags, context: CommandContext): Promise<void> {
  const arn = flags.agentArn ?? context.terminal.env['AGENTSTREAM_AGENT_ARN'];
  const agent = arn === undefined ? undefined : parseAgentRuntimeArn(arn);
  // Impossible combinations are refused before anything is changed.
  readTokenOrigin(flags, context.terminal.env);
  const options = { agentRegion: agent?.region, follow: ['agentstream', 'deploy', '--attach'] };
  await runOnStack('deploy', flags, context, options, (run) =>
    flags.attach ? attach(flags, run, context) : change(flags, agent, run, context),
  );
}

async function change(flags: DeployCommandFlags, agent: AgentRuntimeArn | undefined, run: StackRun, context: CommandContext) {
  const startedAt = performance.now();
  const { client, access, report } = run;
  const renderer = await createTemplateRenderer(flags.handler || undefined);
  const parameters = toParameters(flags, agent?.arn);
  const template = renderer.render(parameters);
  const sizes = { functionBytes: renderer.codeBytes, templateBytes: Buffer.byteLength(template.body) };
  report({ type: 'built', ...sizes, maxTemplateBytes: MAX_TEMPLATE_BYTES });
  if (!flags.skipPreflight) {
    const { stackName } = run;
    const checks = await runPreflight({ client, access, agent, stackName, parameters });
    for (const check of checks) report(checkJson(check, run.target));
    throwFailedCheck(checks);
  }
  for (const text of optionNotes(parameters)) report({ type: 'note', text });
  const input: DeployInput = {
    stackName: run.stackName,
    parameters,
    tags: flags.tag,
    terminationProtection: flags.terminationProtection,
    roleArn: flags.roleArn,
    renderTemplate: renderer.render,
    handler: flags.handler,
    approve: (changes) => approve(replacesApi(changes), flags, run, context),
    isExpress: flags.express === true,
    disableRollback: !flags.rollback,
    onEvent: report,
    signal: context.signal,
  };
  if (flags.dryRun) {
    const changes = await previewDeploy(client, input);
    run.done();
    const { stackName, region } = run;
    if (run.isJson) run.print({ type: 'result', ok: true, outcome: 'dry-run', stackName, region, changes });
    else {
      const words = changes.length === 0 ? 'a deploy would change nothing' : 'nothing was changed';
      context.terminal.stderr.write(`${words} (--dry-run)\n`);
    }
    return;
  }
  const { type: outcome, stack } = await deployStack(client, input);
  const elapsedMs = performance.now() - startedAt;
  await finish(stack, flags, run, context, { outcome, agentRegion: agent?.region, elapsedMs, sizes });
}

async function attach(flags: DeployCommandFlags, run: StackRun, context: CommandContext): Promise<void> {
  const startedAt = performance.now();
  const { client, stackName, report } = run;
  const { signal } = context;
  const stack = await attachStack(client, { stackName, onEvent: report, signal });
  if (!stack) throw await stackNotFound(stackName, client);
  const outcome = stack.status === 'CREATE_COMPLETE' ? 'created' : 'updated';
  const elapsedMs = performance.now() - startedAt;
  await finish(stack, flags, run, context, { outcome, agentRegion: undefined, elapsedMs, sizes: {} });
}

/** A new API has a new URL, so users of the old one must be told. */
async function approve(
  isReplaced: boolean,
  { yes }: DeployCommandFlags,
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

/** Says what was done, and proves that it works. @throws {OperationError} NOT_SERVING: the stack is there, but nobody is served */
async function finish(
  stack: Stack,
  flags: DeployCommandFlags,
  run: StackRun,
  context: CommandContext,
  facts: Pick<DeploySummary, 'outcome' | 'agentRegion' | 'elapsedMs'> & { readonly sizes: Readonly<Record<string, number>> },
): Promise<void> {
  const { stackName, region, access, log, target } = run;
  const { terminal } = context;
  const { url, auth, headers } = endpointOf(stack, access);
  const { outcome, sizes } = facts;
  log?.write(`done: ${outcome}`);
  const given = readTokenOrigin(flags, terminal.env);
  // An endpoint without changes streams as before: one probe says whether it is still there.
  const tries = outcome === 'no-changes' ? 1 : undefined;
  const proof = flags.verify ? await proveDeploy(stack, run, context, given, tries) : undefined;
  if (!flags.skipPreflight && outcome !== 'no-changes') await tellConcurrency(stack, run);
  run.done();
  const refusal = proof?.type === 'not-serving' ? (proof.last.failure?.message ?? 'no answer') : undefined;
  const lacking = `the stack ${stackName} is there, but its endpoint does not serve: ${refusal}`;
  const cure = hint`what may be wrong: ${['agentstream', 'doctor']}`;
  const failure = refusal === undefined ? undefined : new OperationError('NOT_SERVING', lacking, { hint: cure });
  if (run.isJson) {
    if (failure) throw failure;
    const result = { ok: true, outcome, stackName, region, url, outputs: stack.outputs, ...sizes, proof, logFile: log?.path };
    run.print({ type: 'result', ...result });
    return;
  }
  const authMode = stack.outputs['AuthMode'] ?? '';
  const { DomainName: name = '', DomainTarget: dnsTarget } = stack.outputs;
  const dns = dnsTarget === undefined ? undefined : { name, target: dnsTarget };
  const caller = { tokenHeader: auth.type === 'bearer' ? auth.header : undefined, headers, access };
  const summary = { ...facts, stackName, region, url, authMode, dns, ...caller };
  const style = createStyle(terminal.stderr, terminal.env);
  terminal.stderr.write(deployOutcome(summary, style));
  if (failure) throw failure;
  for (const line of proof ? proofLines(proof, style, target) : []) {
    log?.write(line);
    terminal.stderr.write(`${line}\n`);
  }
  terminal.stdout.write(`${url}\n`);
  terminal.stderr.write(nextSteps(summary, target));
}

/** Says that the account lets fewer streams be open than the stage lets in; a stack with a cap of its own has chosen one. */
async function tellConcurrency({ parameters, outputs }: Stack, { access, report, target }: StackRun): Promise<void> {
  if (outputs['MaxConcurrency']) return;
  const check = await checkConcurrency(access, { type: 'streams', burst: Number(parameters['BurstLimit'] ?? 0) });
  report(checkJson(check, target));
}
