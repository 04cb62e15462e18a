import { BlockList, isIP } from 'node:net';

/** The `Condition` of a statement: operator, key, values. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, string | boolean | readonly string[]>>>>;

/** Condition keys of a request and their values. Keys are compared without regard to case. */
export type ConditionContext = Readonly<Record<string, string | undefined>>;

/** Positive operators (IAM user guide, "IAM JSON policy elements: Condition operators"). */
const TESTS: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  StringLike: (value, wanted) => matches(wanted, value),
  ArnEquals: (value, wanted) => matchesArn(wanted, value),
  ArnLike: (value, wanted) => matchesArn(wanted, value),
  Bool: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  IpAddress: isInRange,
};

/** Their negations, which also hold when the request does not have the key. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
};

/** Whether the emulator evaluates an operator, which may end in `IfExists`. */
export function isKnownOperator(operator: string): boolean {
  const name = operator.replace(/IfExists$/, '');
  return Object.hasOwn(TESTS, name) || Object.hasOwn(NEGATED, name) || name === 'Null';
}

/** All operators and keys have to hold, for one of several values; negated, for none. @throws {RangeError} unknown operator */
export function conditionsHold(block: ConditionBlock | undefined, context: ConditionContext): boolean {
  return Object.entries(block ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, valueOf(context, key), [wanted].flat().map(String))),
  );
}

function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(value === undefined));
  const name = operator.replace(/IfExists$/, '');
  if (value === undefined) return name !== operator || Object.hasOwn(NEGATED, name);
  const test = TESTS[NEGATED[name] ?? name];
  if (!test) throw new RangeError(`the emulator does not evaluate the condition ${operator}`);
  const isMatch = wanted.some((each) => test(value, each));
  return Object.hasOwn(NEGATED, name) ? !isMatch : isMatch;
}

function valueOf(context: ConditionContext, key: string): string | undefined {
  const name = Object.keys(context).find((each) => each.toLowerCase() === key.toLowerCase());
  return name === undefined ? undefined : context[name];
}

/** @param range an address, or a range in CIDR notation, IPv4 or IPv6 */
function isInRange(address: string, range: string): boolean {
  const [network = '', bits] = range.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || isIP(address) !== isIP(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  return list.check(address, family);
}

/** IAM wildcards: `*` matches any run of characters, `?` any one character. */
export function matches(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

/** ArnLike: the six parts separately, with wildcards (`reference_policies_elements_condition_operators.html`). */
export function matchesArn(pattern: string, value: string): boolean {
  const patterns = splitArn(pattern);
  const parts = splitArn(value);
  return patterns.length === parts.length && patterns.every((each, index) => matches(each, parts[index] ?? ''));
}

function splitArn(text: string): readonly string[] {
  const parts = text.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
