import { type ConditionBlock, type ConditionContext, conditionsHold, isKnownOperator, matches } from './conditions.ts';
import { AwsError, errorType } from '../kernel/aws-error.ts';
import { parseObject, unknownMembers } from '../kernel/properties.ts';
import type { Json } from '../kernel/resource-provider.ts';

/** The principals that a statement of a resource policy or a trust policy names. */
type PrincipalElement = '*' | { readonly AWS?: string | readonly string[]; readonly Service?: string | readonly string[] };

/** The members of an IAM policy that the emulator evaluates. Unknown members are refused when the policy is read. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: PrincipalElement;
  readonly Condition?: ConditionBlock;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: Statement | readonly Statement[];
}

/** One access that policies are evaluated for. */
export interface AccessRequest {
  /** For example `execute-api:Invoke`. */
  readonly action: string;
  readonly resource: string;
  /** The caller, for statements that name principals: a service, or a user or role with its account. */
  readonly principal?: { readonly service?: string; readonly arn?: string; readonly accountId?: string };
  /** Condition keys and their values, such as `aws:SourceIp`; a key that the request does not have is left out. */
  readonly context?: ConditionContext;
}

/** IAM's three answers (IAM user guide, "Policy evaluation logic"). Without a matching statement it is an implicit deny. */
export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny';

/**
 * Evaluates policies of one kind as IAM does: an explicit Deny wins, and without an Allow access is denied. A statement without
 * Resource (in a trust policy) matches every resource, one without Principal (in an identity policy) every caller.
 */
export function decide(policies: readonly PolicyDocument[], request: AccessRequest): Decision {
  const matching = policies
    .flatMap((policy) => asList(policy.Statement))
    .filter((statement) => matchesStatement(statement, request));
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'explicit-deny';
  return matching.some(({ Effect }) => Effect === 'Allow') ? 'allow' : 'implicit-deny';
}

function matchesStatement(statement: Statement, request: AccessRequest): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, Condition } = statement;
  const action = request.action.toLowerCase();
  const names = (pattern: string) => matches(pattern.toLowerCase(), action);
  const covers = (pattern: string) => matches(pattern, request.resource);
  return (
    (NotAction === undefined ? asList(Action ?? []).some(names) : !asList(NotAction).some(names)) &&
    (NotResource === undefined ? asList(Resource ?? '*').some(covers) : !asList(NotResource).some(covers)) &&
    matchesPrincipal(Principal, request.principal ?? {}) &&
    conditionsHold(Condition, request.context ?? {})
  );
}

/** IAM user guide, "AWS JSON policy elements: Principal": an account is its number or its root, and means all of its identities. */
function matchesPrincipal(element: PrincipalElement | undefined, principal: NonNullable<AccessRequest['principal']>): boolean {
  const { service, arn, accountId } = principal;
  if (element === undefined || element === '*') return true;
  if (service !== undefined && asList(element.Service ?? []).includes(service)) return true;
  return asList(element.AWS ?? []).some((named) => {
    if (named === '*' || (arn !== undefined && named === arn)) return true;
    if (accountId === undefined) return false;
    return named === accountId || /^arn:[^:]+:iam::(\d{12}):root$/.exec(named)?.[1] === accountId;
  });
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

const STATEMENT_MEMBERS = 'Sid Effect Action NotAction Resource NotResource Principal Condition';

/** Reads a policy, an object or its JSON text, that can be evaluated in full. @throws {AwsError} MalformedPolicyDocument (400) */
export function readPolicy(value: Json | undefined): PolicyDocument {
  const document = (typeof value === 'string' ? parseObject(value) : value) as PolicyDocument | undefined;
  if (typeof value === 'string' && !document) throw malformed('Syntax errors in policy.');
  const statements = document?.Statement;
  if (!statements) throw malformed('Missing required field Statement');
  for (const statement of [statements].flat() as readonly Statement[]) {
    const [unknown] = unknownMembers(statement, STATEMENT_MEMBERS);
    if (unknown) throw malformed(`the emulator does not evaluate the policy member ${unknown}`);
    const operator = Object.keys(statement.Condition ?? {}).find((name) => !isKnownOperator(name));
    if (operator) throw malformed(`the emulator does not evaluate the condition ${operator}`);
  }
  return document;
}

const malformed = errorType('MalformedPolicyDocument', 400);

/** An access key of a user or role that the emulator knows beside the account owner's. Its signatures are verified. */
export interface Principal {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Twelve digits; the emulator's own account by default. */
  readonly accountId?: string;
  /** `arn:aws:iam::{account}:user/{access key id}` by default. */
  readonly arn?: string;
  /** Its identity policy. Without one, everything is allowed. */
  readonly policy?: PolicyDocument;
}

/** The user or role session that makes a call. */
export interface Identity {
  /** ARN of the user, or of the session of an assumed role. */
  readonly arn: string;
  readonly accountId: string;
  /** Absent when everything is allowed. */
  readonly policies?: readonly PolicyDocument[];
  /** Limits what the policies can allow (IAM user guide, "Permissions boundaries for IAM entities"). */
  readonly boundary?: PolicyDocument;
}

/** The error of a call that IAM denies, in AWS's words (IAM user guide, "Troubleshoot access denied error messages"). */
export function accessDeniedException({ arn }: Identity, action: string, resource: string, decision: Exclude<Decision, 'allow'>) {
  const reason =
    decision === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new AwsError('AccessDeniedException', 403, message);
}
