import { redactArns } from '../aws/redact-arns.ts';

/** Names of properties whose values nobody is to see, wherever a template may have them. */
const SECRET_NAME = /(secret|password|passwd|credential|access_?key|api_?key|token)[^.]*$/i;

const MASK = '****';
const MAX_LENGTH = 60;
/** What AWS puts where a resource's id will be that is not there yet. */
const UNKNOWN = '{{changeSet:KNOWN_AFTER_APPLY}}';

/**
 * A property's value for people: short, on one line, without ARNs and secrets. Code and other long texts become their size.
 * @param path of the property; its last name tells a secret
 */
export function shownValue(path: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = redactArns(typeof value === 'string' ? value : JSON.stringify(value));
  // Of `ApiKeyRequired: true` nothing has to be hidden.
  if (SECRET_NAME.test(path) && !/^(true|false|\d{1,9})$/.test(text)) return MASK;
  if (text.includes(UNKNOWN)) return '(known after apply)';
  const isShort = text.length <= MAX_LENGTH && !text.includes('\n');
  return isShort ? text : `(${Buffer.byteLength(text).toLocaleString('en-US')} bytes)`;
}
