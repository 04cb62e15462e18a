import { type Command, Option } from 'commander';
import { parseDuration, parseInteger } from './options.ts';
import { AUTH_MODES } from './templates/render.ts';

/** Settings of a stack, as `deploy` and `dev` take them. What is not given keeps the stack's value. */
export interface DeployFlags {
  readonly auth?: string;
  readonly corsOrigin?: string;
  readonly qualifier?: string;
  /** ms */
  readonly heartbeat?: number;
  readonly flushMode?: string;
  readonly rateLimit?: number;
  readonly burstLimit?: number;
  readonly quota?: number;
  readonly memory?: number;
  readonly logRetention?: number;
}

/** The template's own bound: below the idle limit of a REGIONAL API. */
const MAX_HEARTBEAT_MS = 280_000;

export function addDeployFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--auth <mode>', 'who may call (default: api-key)').choices([...AUTH_MODES]),
    )
    .option(
      '--cors-origin <origin>',
      'origin that browsers may call from; "" for none (default: *)',
    )
    .option('--qualifier <name>', 'AgentCore endpoint to call (default: DEFAULT)')
    .option(
      '--heartbeat <time>',
      'silence after which a keep-alive comment is sent, 0 for never (default: 15s)',
      parseDuration('--heartbeat', MAX_HEARTBEAT_MS),
    )
    .option(
      '--flush-mode <mode>',
      'how small writes get past a runtime that holds them: auto, off, or bytes to pad each to (default: auto)',
    )
    .option(
      '--rate-limit <n>',
      'requests per second (default: 10)',
      parseInteger('--rate-limit', 0),
    )
    .option('--burst-limit <n>', 'requests at once (default: 20)', parseInteger('--burst-limit', 0))
    .option(
      '--quota <n>',
      'requests per day for the API key (default: 10000)',
      parseInteger('--quota', 1),
    )
    .option(
      '--memory <mb>',
      "the function's memory (default: 512)",
      parseInteger('--memory', 128, 10_240),
    )
    .option(
      '--log-retention <days>',
      'how long logs are kept (default: 14)',
      parseInteger('--log-retention', 1),
    );
}

/** Template parameters for the flags; undefined where a flag was not given. */
export function toParameters(
  flags: DeployFlags,
  agentRuntimeArn: string | undefined,
): Readonly<Record<string, string | undefined>> {
  return {
    AgentRuntimeArn: agentRuntimeArn,
    AuthMode: flags.auth,
    CorsOrigin: flags.corsOrigin,
    AgentQualifier: flags.qualifier,
    HeartbeatMs: flags.heartbeat?.toString(),
    FlushMode: flags.flushMode,
    RateLimit: flags.rateLimit?.toString(),
    BurstLimit: flags.burstLimit?.toString(),
    QuotaPerDay: flags.quota?.toString(),
    MemorySize: flags.memory?.toString(),
    LogRetentionDays: flags.logRetention?.toString(),
  };
}
