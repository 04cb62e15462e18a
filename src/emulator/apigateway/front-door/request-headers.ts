import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FAULT_HEADER } from '../../faults/fault.ts';
import { requestOrigin, SOURCE_IP_HEADER, VPC_ENDPOINT_HEADER } from './request-origin.ts';

/** Developer guide, "Amazon API Gateway important notes": request headers that never reach a Lambda integration. */
const DROPPED = new Set([
  'connection',
  'content-md5',
  'expect',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // The emulator's own: what AWS would never hand on, a function must not see here.
  FAULT_HEADER,
  SOURCE_IP_HEADER,
  VPC_ENDPOINT_HEADER,
]);

/**
 * The request's headers as the function gets them: in the client's own spelling (Regional endpoints pass names as they are),
 * without those that API Gateway drops, with those that it adds.
 * @param signed whether `Authorization` was for API Gateway and therefore stops here
 */
export function toFunctionHeaders(
  incoming: IncomingMessage,
  signed: boolean,
): Readonly<Record<string, readonly string[]>> {
  const headers: Record<string, string[]> = {};
  const spelling = new Map<string, string>();
  const add = (name: string, value: string) => {
    const key = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), key);
    (headers[key] ??= []).push(value);
  };
  const raw = incoming.rawHeaders;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (DROPPED.has(lower) || lower.startsWith('x-forwarded-')) continue;
    if (lower === 'authorization' && (signed || value.startsWith('AWS4-'))) continue;
    add(name, value);
  }
  if (!spelling.has('x-amzn-trace-id')) add('X-Amzn-Trace-Id', traceId());
  const forwarded = incoming.headers['x-forwarded-for'];
  const hops = [forwarded, requestOrigin(incoming).sourceIp]
    .flat()
    .filter((hop) => hop !== undefined);
  add('X-Forwarded-For', hops.join(', '));
  add('X-Forwarded-Port', String((incoming.socket.address() as AddressInfo).port ?? ''));
  add('X-Forwarded-Proto', 'http');
  return headers;
}

function traceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}
