import type { ServerResponse } from 'node:http';
import { AwsError } from '../kernel/aws-error.ts';
import { UNKNOWN_KEY } from '../kernel/sigv4.ts';

/** A request member of the AWS query protocol: text, a list (`Tags.member.1.Key`) or a structure. */
export type FormValue = string | FormValue[] | Form;
export type Form = { readonly [name: string]: FormValue };

/** A response member: lists become `<member>` elements, dates ISO 8601, undefined members are left out. */
export type XmlValue = string | number | boolean | Date | undefined | readonly XmlValue[] | { readonly [name: string]: XmlValue };

type Node = Map<string, Node | string>;

/**
 * Parses a form body of the query protocol: `A.member.1.B=x` becomes `{A: [{B: 'x'}]}`. The numbers only order a list, gaps are
 * allowed; an empty list is sent as an empty text (`Tags=`).
 * @throws {AwsError} MalformedQueryString (400) when a name is both a text and a structure
 */
export function parseForm(body: Buffer | string): Form {
  const root: Node = new Map();
  for (const [name, value] of new URLSearchParams(body.toString())) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let node = root;
    for (const part of path) {
      const child: Node | string = node.get(part) ?? new Map();
      if (typeof child === 'string') throw malformed(name);
      node.set(part, child);
      node = child;
    }
    if (node.has(last)) throw malformed(name);
    node.set(last, value);
  }
  return Object.fromEntries([...root].map(([name, node]) => [name, toValue(node)]));
}

/** Ends a call with status 200 and `<{Action}Response>`; without a result, as for models without output, it has only metadata. */
export function sendQuery(
  response: ServerResponse,
  call: { readonly action: string; readonly requestId: string; readonly namespace: string },
  result?: XmlValue,
): void {
  const { action, requestId, namespace } = call;
  const inner = result === undefined ? '' : element(`${action}Result`, result);
  const metadata = element('ResponseMetadata', { RequestId: requestId });
  sendXml(response, 200, `<${action}Response xmlns="${namespace}">${inner}${metadata}</${action}Response>`);
}

/** Ends a call with a query-protocol error: `<ErrorResponse>` with type, code and message. */
export function sendQueryError(response: ServerResponse, error: AwsError, requestId: string): void {
  const code = error.code === UNKNOWN_KEY ? 'InvalidClientTokenId' : error.code;
  const details = { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: code, Message: error.message };
  sendXml(response, error.status, element('ErrorResponse', { Error: details, RequestId: requestId }));
}

function toValue(node: Node | string): FormValue {
  if (typeof node === 'string') return node;
  const members = node.get('member');
  if (node.size === 1 && members instanceof Map)
    return [...members].sort(([a], [b]) => Number(a) - Number(b)).map(([, member]) => toValue(member));
  return Object.fromEntries([...node].map(([name, child]) => [name, toValue(child)]));
}

function malformed(name: string): AwsError {
  return new AwsError('MalformedQueryString', 400, `the request parameter ${name} contradicts another`);
}

function sendXml(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(xml);
}

function element(name: string, value: XmlValue): string {
  return value === undefined ? '' : `<${name}>${content(value)}</${name}>`;
}

function content(value: XmlValue): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item: XmlValue) => element('member', item)).join('');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, member]: [string, XmlValue]) => element(name, member))
      .join('');
  }
  return escapeXml(String(value));
}

/** XML 1.0 does not allow most control characters, not even escaped: they become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;')
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
