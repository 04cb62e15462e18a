import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FaultInjector } from '../faults/fault-injector.ts';
import { scaleLength } from '../kernel/clock.ts';
import { createEnvironmentLog, type EnvironmentLog } from './environment-log.ts';
import {
  type EnvironmentFacts,
  environmentVariables,
  type RuntimeProcess,
  nodeFlags,
  startRuntimeProcess,
  unpackCode,
} from './runtime-process.ts';
import type { FunctionDefinition } from './function-properties.ts';
import { type Invocation, type InvocationFailure, platformFailure } from './invocation.ts';
import type { LambdaLimits } from './limits.ts';
import { RuntimeApi } from './runtime-api.ts';

const BOOTSTRAP = fileURLToPath(new URL('bootstrap.mjs', import.meta.url));

export interface EnvironmentInput {
  readonly definition: FunctionDefinition;
  readonly facts: Pick<EnvironmentFacts, 'region' | 'credentials' | 'endpointUrl'>;
  readonly limits: LambdaLimits;
  readonly arm: FaultInjector['arm'];
  /** Writes a message to a stream of the function's log group. */
  readonly writeLog: (logStream: string, message: string) => void;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  /** Called when the environment waits for work; it ends when this returns false. */
  readonly onIdle: (environment: ExecutionEnvironment) => boolean;
}

/** A runtime process, its Runtime API and its code: one invocation at a time (`lambda-runtime-environment.html`). */
export class ExecutionEnvironment {
  readonly definition: FunctionDefinition;
  /** Resolves when the process has ended, its port is closed and its folder removed. */
  readonly ended: Promise<void>;
  readonly #input: EnvironmentInput;
  readonly #logStream = logStreamName();
  readonly #log: EnvironmentLog;
  readonly #startedAt = performance.now();
  /** Until the log of the first invocation has it. */
  #initMs: number | undefined;
  /** Logs the end of the last invocation. */
  #report: (() => void) | undefined;
  #state: 'starting' | 'idle' | 'busy' | 'responded' | 'ended' = 'starting';
  #claimed = true;
  #invocation: Invocation | undefined;
  #timer: NodeJS.Timeout | undefined;
  #api: RuntimeApi | undefined;
  #process: RuntimeProcess | undefined;
  #onStateChange: (() => void) | undefined;

  /** Starts at once, for the invocation that `run` passes. */
  constructor(input: EnvironmentInput) {
    this.#input = input;
    this.definition = input.definition;
    this.#log = createEnvironmentLog(input.definition, (message) => input.writeLog(this.#logStream, message));
    this.ended = this.#live().catch((error: unknown) => {
      this.#kill();
      this.#fail(platformFailure('crash', 'Runtime.ExitError', String(error)));
    });
  }

  /** Claims an idle environment for an invocation. */
  claim(): boolean {
    if (this.#claimed || this.#state !== 'idle') return false;
    this.#claimed = true;
    return true;
  }

  /** Claims an environment that has responded, as soon as it is idle; false when that takes longer. */
  async claimWithin(graceMs: number): Promise<boolean> {
    if (this.#claimed || this.#state !== 'responded') return false;
    this.#claimed = true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onStateChange = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onStateChange = undefined;
    // TypeScript does not see that the state may have changed meanwhile.
    const state: string = this.#state;
    this.#claimed = state === 'idle';
    return this.#claimed;
  }

  /** Runs an invocation in an environment that the caller has claimed or just started. */
  run(invocation: Invocation): void {
    this.#invocation = invocation;
    if (this.#state === 'idle') this.#dispatch(invocation);
    else if (this.#state === 'ended') this.#fail(exitFailure(invocation, undefined));
  }

  /** Ends an idle environment; a busy one ends when `onIdle` returns false. */
  retire(): void {
    if (this.#state === 'idle' && !this.#claimed) this.#kill();
  }

  async stop(): Promise<void> {
    this.#kill();
    await this.ended;
  }

  async #live(): Promise<void> {
    const { definition, limits } = this.#input;
    const taskRoot = await unpackCode(definition.code);
    this.#api = await RuntimeApi.listen(
      {
        onResponded: () => this.#responded(),
        onIdle: () => this.#idle(),
        onInitError: (failure) => this.#fail(failure),
        onCrash: () => this.#crash(),
      },
      limits,
    );
    let exit: string | undefined = 'signal: killed';
    if (this.#state !== 'ended') {
      this.#startTimer(limits.initTimeoutMs);
      this.#process = startRuntimeProcess({
        command: [process.execPath, ...nodeFlags(definition), BOOTSTRAP],
        cwd: taskRoot.path,
        env: environmentVariables(definition, {
          ...this.#input.facts,
          runtimeApi: this.#api.address,
          taskRoot: taskRoot.path,
          runtimeDir: dirname(BOOTSTRAP),
          logStream: this.#logStream,
        }),
        onLine: (stream, line) => {
          this.#log.line(line);
          this.#input.onLine(stream, line);
        },
      });
      exit = await this.#process.exited;
      await this.#api.drained();
    }
    this.#setState('ended');
    if (this.#invocation) this.#fail(exitFailure(this.#invocation, exit));
    this.#writeReport();
    clearTimeout(this.#timer);
    this.#api.close();
    await taskRoot.remove();
  }

  #idle(): void {
    clearTimeout(this.#timer);
    this.#writeReport();
    if (this.#state === 'starting') this.#initMs = performance.now() - this.#startedAt;
    this.#setState('idle');
    if (this.#invocation) this.#dispatch(this.#invocation);
    else if (!this.#claimed) {
      if (!this.#input.onIdle(this)) this.#kill();
      this.#timer = setTimeout(() => this.retire(), this.#input.limits.environmentIdleMs).unref();
    }
  }

  #dispatch(invocation: Invocation): void {
    clearTimeout(this.#timer);
    const { limits, facts, arm } = this.#input;
    const ownTimeoutMs = scaleLength(this.definition.timeoutSeconds * 1000, limits.timeScale);
    const timeoutMs = Math.min(ownTimeoutMs, limits.maxTimeoutMs);
    const { faults } = invocation.input;
    if (faults) void invocation.completion.then(arm(facts.credentials.accessKeyId, faults));
    this.#setState('busy');
    this.#logInvocation(invocation);
    this.#startTimer(timeoutMs);
    this.#api?.dispatch(invocation, Date.now() + timeoutMs);
  }

  #logInvocation(invocation: Invocation): void {
    const { requestId } = invocation.input;
    const initMs = this.#initMs;
    this.#initMs = undefined;
    const startedAt = performance.now();
    this.#log.start(requestId);
    let onLogged!: (log: string) => void;
    invocation.log = new Promise((resolve) => (onLogged = resolve));
    void invocation.completion.then((outcome) => {
      const durationMs = performance.now() - startedAt;
      const failure =
        outcome.type === 'error' && (outcome.when === 'timeout' || outcome.when === 'crash') ? outcome.errorMessage : undefined;
      // Logged when the runtime asks for more work or has ended: the output of the function precedes it.
      this.#report = () => this.#log.end({ requestId, durationMs, initMs, failure, onLogged });
      if (this.#state !== 'busy' && this.#state !== 'responded') this.#writeReport();
    });
  }

  #writeReport(): void {
    this.#report?.();
    this.#report = undefined;
  }

  #responded(): void {
    clearTimeout(this.#timer);
    this.#invocation = undefined;
    this.#claimed = false;
    this.#setState('responded');
  }

  /** A fault ends the process in the middle of its response. */
  #crash(): void {
    if (this.#invocation) this.#fail(exitFailure(this.#invocation, 'signal: killed'));
    this.#kill();
  }

  #startTimer(timeoutMs: number): void {
    this.#timer = setTimeout(() => {
      const message = `RequestId: ${this.#invocation?.input.requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
      this.#fail(platformFailure('timeout', 'Sandbox.Timedout', message));
      this.#kill();
    }, timeoutMs);
  }

  #fail(failure: InvocationFailure): void {
    this.#invocation?.fail(failure);
    this.#invocation = undefined;
  }

  #kill(): void {
    this.#setState('ended');
    this.#process?.kill();
    this.#api?.close();
  }

  #setState(state: 'idle' | 'busy' | 'responded' | 'ended'): void {
    if (this.#state === 'ended') return;
    this.#state = state;
    this.#onStateChange?.();
  }
}

/** The failure of an invocation whose process exited, in the words of Lambda's logs. */
function exitFailure(invocation: Invocation, exit: string | undefined): InvocationFailure {
  const id = `RequestId: ${invocation.input.requestId} Error:`;
  const broken = `${id} the response was broken off (${exit ?? 'exit status 0'})`;
  if (invocation.state === 'responding') return platformFailure('crash', 'Runtime.TruncatedResponse', broken);
  const message = exit ? `Runtime exited with error: ${exit}` : 'Runtime exited without providing a reason';
  return platformFailure('crash', 'Runtime.ExitError', `${id} ${message}`);
}

/** `2026/11/22/[$LATEST]` and 32 hexadecimal digits. */
function logStreamName(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
}
