import { type Command, Option } from 'commander';
import type { ParameterName, ParameterValues } from '../aws/stack-values.ts';
import { UsageError } from '../cli/errors.ts';
import { arnPattern, type Setting, wordOrNothing } from './settings/setting.ts';
import { SETTING_GROUPS, SETTING_ROWS, type SETTINGS } from './settings/settings.ts';

type Table = typeof SETTINGS;

/** `--rate-limit <n>` -> `rateLimit`, as commander names it. */
type FlagName<Flag> = Flag extends `--${infer Name} ${string}`
  ? CamelCase<Name>
  : Flag extends `--${infer Name}`
    ? CamelCase<Name>
    : never;
type CamelCase<Text> = Text extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Text;

/**
 * Settings of a stack, as `deploy`, `dev`, `template` and `iam-policy` take them: a switch, or the value of the parameter. A missing
 * flag keeps the stack's value.
 */
export type DeployFlags = {
  readonly [
    Name in ParameterName as Table[Name] extends { readonly flag: infer Flag } ? FlagName<Flag> : never
  ]?: Table[Name] extends { readonly switch: unknown } ? boolean : string;
};

/** Flags that act on the stack as a whole, not on its template. */
export interface OperationFlags {
  /** An empty value removes the tag. */
  readonly tag?: Readonly<Record<string, string>>;
  readonly terminationProtection?: boolean;
  readonly roleArn?: string;
}

/** Adds the flags in the groups of the help; options that are added later appear under `Other options`. */
export function addDeployFlags(command: Command): Command {
  for (const [title, group] of Object.entries(SETTING_GROUPS)) {
    command.optionsGroup(title);
    for (const setting of Object.values<Setting>(group)) {
      for (const option of optionsOf(setting)) command.addOption(option);
    }
  }
  return command.optionsGroup('Other options:');
}

export function addOperationFlags(command: Command): Command {
  return command
    .option(
      '--tag <key=value>',
      'tag for the stack and its resources, for example team=search; repeatable; "team=" removes it',
      parseTag,
    )
    .option('--termination-protection', 'make AWS refuse to delete the stack')
    .option('--no-termination-protection', 'allow AWS to delete the stack (default)')
    .option(
      '--role-arn <arn>',
      'service role for CloudFormation, for this and later operations',
      wordOrNothing(arnPattern('iam', 'role/[\\w+=,.@/-]+', ':\\d{12}'), 'the ARN of a role').parse('--role-arn'),
    );
}

/** Template parameters for the flags; undefined where a flag was not given. */
export function toParameters(flags: DeployFlags, agentRuntimeArn: string | undefined): ParameterValues {
  const given = Object.fromEntries(
    SETTING_ROWS.flatMap(([name, setting]) => {
      const [option] = optionsOf(setting);
      if (option === undefined) return [];
      const value = flags[option.attributeName() as keyof DeployFlags];
      return [[name, typeof value === 'boolean' ? (value ? setting.switch?.on : 'off') : value]];
    }),
  ) as ParameterValues;
  const { auth, alarms, domain, certificateArn, hostedZoneId, basePath } = flags;
  const isTopic = alarms?.startsWith('arn:') === true;
  // Removing the domain removes its certificate, zone and path.
  const off = domain === '' ? '' : undefined;
  return {
    ...given,
    AgentRuntimeArn: agentRuntimeArn,
    // Another auth mode deletes both keys, so that an old one does not return with api-key.
    KeepsOtherApiKey: auth !== undefined && auth !== 'api-key' ? 'no' : undefined,
    CertificateArn: certificateArn ?? off,
    HostedZoneId: hostedZoneId ?? off,
    BasePath: basePath ?? off,
    AlarmEmail: isTopic ? '' : alarms,
    AlarmTopicArn: isTopic || alarms === undefined ? alarms : '',
  };
}

/** The options of a setting: one, or the two of a switch. */
function optionsOf(setting: Setting): Option[] {
  const { flag, help = '', takes } = setting;
  if (flag === undefined) return [];
  if (setting.switch) {
    const off = new Option(flag.replace('--', '--no-'), `${setting.switch.offHelp} (default)`);
    return [new Option(flag, help), off];
  }
  const { default: value = '' } = setting;
  const typed = takes?.toTyped?.(value) ?? value;
  const option = new Option(flag, typed === '' ? help : `${help} (default: ${typed})`);
  if (takes?.choices) option.choices([...takes.choices]);
  if (takes) option.argParser(takes.parse(option.long ?? flag));
  return [option];
}

/**
 * Lengths and characters: API reference of CloudFormation, Tag, and "Tagging your AWS resources", which reserves `aws:`.
 * @throws {UsageError} INVALID_VALUE
 */
function parseTag(text: string, previous: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, key = '', value = ''] =
    /^(?!aws:)([\p{L}\p{Z}\p{N}_.:/+@-]{1,128})=([\p{L}\p{Z}\p{N}_.:/=+@-]{0,256})$/u.exec(text) ?? [];
  if (key !== '') return { ...previous, [key]: value };
  throw new UsageError('INVALID_VALUE', `--tag takes key=value, not ${text}`);
}
