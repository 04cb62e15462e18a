import { AwsError } from '../kernel/aws-error.ts';
import type { EmitEvent } from '../kernel/emulator-event.ts';
import type { FaultInjector } from '../faults/fault-injector.ts';
import type { EnvironmentFacts } from './runtime-process.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import type { FunctionDefinition } from './function-properties.ts';
import type { Functions } from './store.ts';
import type { Invocation } from './invocation.ts';
import type { LambdaLimits } from './limits.ts';
import type { OpenLog } from './environment-log.ts';

export interface EnvironmentPoolInput {
  readonly functions: Functions;
  readonly limits: LambdaLimits;
  readonly emit: EmitEvent;
  readonly arm: FaultInjector['arm'];
  /** @throws {AwsError} when the function's role cannot be assumed */
  readonly factsFor: (definition: FunctionDefinition) => Pick<EnvironmentFacts, 'region' | 'credentials' | 'endpointUrl'>;
  readonly openLog: OpenLog;
}

/** All environments of a Region, one invocation each at a time: the latest warm one, else a cold one; stale ones end when idle. */
export class EnvironmentPool {
  readonly #input: EnvironmentPoolInput;
  readonly #environments = new Set<ExecutionEnvironment>();
  /** Running invocations by function name. */
  readonly #running = new Map<string, number>();
  #closed = false;

  constructor(input: EnvironmentPoolInput) {
    this.#input = input;
  }

  /** Resolves when an environment has taken the invocation. @throws {AwsError} TooManyRequestsException (429) */
  async run(definition: FunctionDefinition, invocation: Invocation): Promise<void> {
    this.#admit(definition);
    try {
      const environment = (await this.#findWarm(definition)) ?? this.#start(definition);
      void invocation.completion.then(() => this.#count(definition.name, -1));
      environment.run(invocation);
    } catch (error) {
      this.#count(definition.name, -1);
      throw error;
    }
  }

  /** Ends idle environments of functions that have been updated or deleted. */
  retireStale(): void {
    for (const environment of this.#environments) {
      if (!this.#isCurrent(environment)) environment.retire();
    }
  }

  /** Ends all environments, busy ones as well; none starts afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#environments].map((environment) => environment.stop()));
  }

  async #findWarm(definition: FunctionDefinition): Promise<ExecutionEnvironment | undefined> {
    const candidates = [...this.#environments].filter((environment) => environment.definition === definition).toReversed();
    const idle = candidates.find((environment) => environment.claim());
    if (idle) return this.#touch(idle);
    for (const environment of candidates) {
      if (await environment.claimWithin(this.#input.limits.reuseGraceMs)) return this.#touch(environment);
    }
    return undefined;
  }

  /** Marks an environment as the most recently used. */
  #touch(environment: ExecutionEnvironment): ExecutionEnvironment {
    this.#environments.delete(environment);
    this.#environments.add(environment);
    return environment;
  }

  #start(definition: FunctionDefinition): ExecutionEnvironment {
    if (this.#closed) throw new AwsError('ServiceException', 500, 'the emulator is closing');
    const { factsFor, openLog, limits, emit, arm } = this.#input;
    const facts = factsFor(definition);
    const environment = new ExecutionEnvironment({
      definition,
      facts,
      writeLog: openLog(definition, facts.credentials),
      limits,
      arm,
      onLine: (stream, line) => emit({ type: 'function-log', functionName: definition.name, stream, line }),
      onIdle: (idle) => this.#isCurrent(idle),
    });
    this.#environments.add(environment);
    void environment.ended.then(() => this.#environments.delete(environment));
    return environment;
  }

  #isCurrent({ definition }: ExecutionEnvironment): boolean {
    const { functions } = this.#input;
    return functions.has(definition.name) && functions.get(definition.name) === definition;
  }

  /** Reserved concurrency belongs to its function; the other functions share the rest (`lambda-concurrency.html`). */
  #admit(definition: FunctionDefinition): void {
    const { functions, limits } = this.#input;
    const reserved = new Map(functions.all().map((each) => [each.name, each.reservedConcurrency] as const));
    const own = definition.reservedConcurrency;
    const shared = [...this.#running].filter(([name]) => reserved.get(name) === undefined);
    const used =
      own === undefined ? shared.reduce((sum, [, count]) => sum + count, 0) : (this.#running.get(definition.name) ?? 0);
    const unreserved = limits.concurrentExecutions - [...reserved.values()].reduce<number>((sum, each) => sum + (each ?? 0), 0);
    if (used >= (own ?? unreserved)) {
      throw new AwsError('TooManyRequestsException', 429, 'Rate Exceeded.', {
        Type: 'User',
        Reason: own === undefined ? 'ConcurrentInvocationLimitExceeded' : 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });
    }
    this.#count(definition.name, 1);
  }

  #count(name: string, change: number): void {
    const count = (this.#running.get(name) ?? 0) + change;
    if (count > 0) this.#running.set(name, count);
    else this.#running.delete(name);
  }
}
