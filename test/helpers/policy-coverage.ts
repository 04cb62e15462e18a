import { expect } from 'vitest';
import { AGENT_ARN } from './chain.ts';
import type { AskedAction } from './policy-world.ts';
import { runCli } from './run-cli.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly (Statement & { readonly Effect: 'Allow' })[];
}

/** What `iam-policy` prints for the test's agent. */
export async function printPolicy(...options: string[]): Promise<Policy> {
  const { exitCode, stdout, stderr } = await runCli(['iam-policy', '--agent-arn', AGENT_ARN, ...options]);
  expect([exitCode, stderr.split('\n')[0]]).toEqual([0, expect.stringContaining('characters')]);
  return JSON.parse(stdout) as Policy;
}

function covers({ Action, Resource }: Statement, { action, resource }: AskedAction): boolean {
  return [Action].flat().some((each) => like(each, action)) && [Resource].flat().some((each) => like(each, resource));
}

function like(pattern: string, value: string): boolean {
  const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(value);
}

/** What a policy allows and nobody has asked for, as `action on resource`. */
export function unused({ Statement: statements }: Policy, asked: readonly AskedAction[]): string[] {
  return statements.flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap((action) =>
      [Resource]
        .flat()
        .filter((resource) => !asked.some((each) => covers({ Action: action, Resource: resource }, each)))
        .map((resource) => `${action} on ${resource}`),
    ),
  );
}

/** What was asked for and not allowed, each once. */
export function refused(asked: readonly AskedAction[]): string[] {
  const names = asked.filter(({ allowed }) => !allowed);
  return [...new Set(names.map(({ action, resource }) => `${action} on ${resource}`))];
}

/** The policy, but for one action. */
export function without({ Statement: statements, ...policy }: Policy, action: string): Policy {
  const left = statements.map((statement) => ({
    ...statement,
    Action: [statement.Action].flat().filter((each) => each !== action),
  }));
  return { ...policy, Statement: left.filter(({ Action }) => Action.length > 0) };
}

/** Arguments without spaces, as they are typed. */
export function words(text: string): string[] {
  return text.split(' ');
}
