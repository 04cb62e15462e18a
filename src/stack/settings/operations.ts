import { DEFAULT_HEARTBEAT_MS, MAX_FLUSH_PADDING_BYTES, QUALIFIER_FORM, QUALIFIER_PATTERN } from '../../protocol.ts';
import { formatCount } from '../../ui/format.ts';
import {
  arnPattern,
  durationUpTo,
  inFunction,
  lastPart,
  oneOf,
  type SettingGroup,
  wholeNumber,
  word,
  wordOrNothing,
} from './setting.ts';

/** API reference of CloudWatch Logs, PutRetentionPolicy: retentionInDays. */
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

const ALARM_TARGET = new RegExp(`^[^\\s@,:]+@[^\\s@,:]+\\.[^\\s@,:]+$|${arnPattern('sns', '[\\w-]{1,256}').source}`);

/** Stays below the idle limit of a REGIONAL API, 5 min. */
const MAX_HEARTBEAT_MS = 280_000;

const MAX_PADDING = formatCount(MAX_FLUSH_PADDING_BYTES);

/** Logs, traces, dashboard and alarms. */
export const OBSERVATION = {
  AccessLog: {
    default: 'off',
    flag: '--access-log',
    help: 'log a JSON line per request, with streaming times and without prompts',
    switch: { on: 'on', offHelp: 'no access log' },
    status: { name: 'Access log' },
  },
  LogRetentionDays: {
    default: '14',
    flag: '--log-retention <days>',
    help: 'days to keep logs',
    takes: oneOf(...RETENTION_DAYS.map(String)),
  },
  Tracing: {
    default: 'off',
    flag: '--tracing',
    help: "trace a sample of the requests with X-Ray; the agent's own traces stay separate and complete",
    switch: { on: 'on', offHelp: 'no X-Ray traces' },
    status: { name: 'Tracing' },
  },
  Dashboard: {
    default: 'off',
    flag: '--dashboard',
    help: 'create a CloudWatch dashboard: requests, errors, latency, open streams',
    switch: { on: 'on', offHelp: 'no dashboard' },
    status: { name: 'Dashboard', text: () => 'on, in CloudWatch' },
  },
  AlarmEmail: {
    default: '',
    flag: '--alarms <email|arn>',
    help: 'send alarms to an e-mail address or SNS topic: 5xx, throttling, slow first content, streams near their cap; "" sends none',
    takes: wordOrNothing(ALARM_TARGET, 'an e-mail address or the ARN of an SNS topic'),
    status: { name: 'Alarms', text: (email, of) => (of('AlarmTopicArn') ? '' : `to ${email}`) },
  },
  AlarmTopicArn: {
    default: '',
    outside: { what: 'the alarm topic', nameOf: lastPart },
    status: { name: 'Alarms', text: (topic) => `to ${topic}` },
  },
} as const satisfies SettingGroup;

/** Settings of the function. */
export const FUNCTION = {
  AgentRuntimeArn: {
    default: undefined,
    outside: { what: 'the agent', nameOf: lastPart },
    ...inFunction('AGENT_RUNTIME_ARN', 'agent of the function'),
  },
  AgentQualifier: {
    default: 'DEFAULT',
    flag: '--qualifier <name>',
    help: 'AgentCore endpoint to call, for example PROD',
    takes: word(QUALIFIER_PATTERN, QUALIFIER_FORM),
    ...inFunction('AGENT_QUALIFIER', 'qualifier of the function'),
  },
  HeartbeatMs: {
    default: String(DEFAULT_HEARTBEAT_MS),
    flag: '--heartbeat <time>',
    help: 'send a keep-alive comment after this much silence, for example 5s; 0 sends none',
    takes: durationUpTo(MAX_HEARTBEAT_MS),
    ...inFunction('HEARTBEAT_MS', 'heartbeat of the function (ms)'),
  },
  FlushMode: {
    default: 'auto',
    flag: '--flush-mode <mode>',
    help: 'deliver small writes at once: auto, off, pause (25 ms behind the head), or bytes to pad each write to, for example 16384',
    takes: word(
      /^(auto|off|pause|[1-9][0-9]{0,4}|1[0-2][0-9]{4})$/,
      `auto, off, pause or a number of bytes from 1 to ${MAX_PADDING}`,
    ),
    ...inFunction('FLUSH_MODE', 'flush mode of the function'),
  },
  MemorySize: {
    default: '512',
    flag: '--memory <mb>',
    help: 'memory of the function in MB; its share of CPU grows with it',
    takes: wholeNumber(128, 10_240),
    drift: [{ what: 'memory of the function (MB)', live: ({ function: found }) => found?.memoryMb }],
  },
  Architecture: {
    default: 'arm64',
    flag: '--architecture <name>',
    help: 'processor of the function; x86_64 costs a quarter more, for Regions without arm64',
    takes: oneOf('arm64', 'x86_64'),
    drift: [{ what: 'architecture of the function', live: ({ function: found }) => found?.architecture }],
    status: { name: 'Processor' },
  },
  PermissionsBoundary: {
    default: '',
    flag: '--permissions-boundary <arn>',
    help: 'permissions boundary of the function\'s role, a managed policy; "" removes it',
    takes: wordOrNothing(arnPattern('iam', 'policy/[\\w+=,.@/-]+', ':(\\d{12}|aws)'), 'the ARN of a managed policy'),
    outside: { what: 'the permissions boundary', nameOf: lastPart },
    status: { name: 'Boundary' },
  },
} as const satisfies SettingGroup;
