import type { Command } from 'commander';
import { isIP } from 'node:net';
import { parseInteger } from '../../cli/options.ts';
import { arnPattern } from './arn-pattern.ts';
import { onOff } from './on-off.ts';
import { parseList, parseText } from './parse-text.ts';

/** What is let through to the API. */
export interface GuardFlags {
  readonly corsOrigin?: string;
  readonly corsCredentials?: boolean;
  readonly allowCidr?: string;
  readonly waf?: boolean;
  readonly wafRateLimit?: number;
  readonly wafAclArn?: string;
}

/** API reference of AWS WAF, RateBasedStatement: Limit. */
const WAF_LIMIT = { least: 10, most: 2_000_000_000 };

export function addGuardFlags(command: Command): Command {
  return command
    .optionsGroup('What is let through:')
    .option(
      '--cors-origin <origin>',
      'origin that browsers may call from; repeatable; "" for none (default: *)',
      parseList(
        '--cors-origin',
        isOrigin,
        'an origin such as https://app.example, without a path or trailing slash, or *',
      ),
    )
    .option('--cors-credentials', 'browsers may send credentials; not with --cors-origin "*"')
    .option('--no-cors-credentials', 'browsers may not send them (default)')
    .option(
      '--allow-cidr <range>',
      'address range that may call; repeatable; "" for all (default)',
      parseList('--allow-cidr', isCidr, 'an address range such as 192.0.2.0/24'),
    )
    .option('--waf', 'web ACL with core rules, known bad inputs and a limit by address')
    .option('--no-waf', 'no web ACL of the stack (default)')
    .option(
      '--waf-rate-limit <n>',
      'requests in 5 minutes that an address may send (default: 1000)',
      parseInteger('--waf-rate-limit', WAF_LIMIT.least, WAF_LIMIT.most),
    )
    .option(
      '--waf-acl-arn <arn>',
      'web ACL of your own, of the stack\'s Region; "" takes it off',
      parseText(
        '--waf-acl-arn',
        arnPattern('wafv2', 'regional/webacl/[\\w-]+/[\\w-]+'),
        'the ARN of a regional web ACL',
      ),
    );
}

/** Template parameters; undefined where a flag was not given. */
export function guardParameters(flags: GuardFlags): Readonly<Record<string, string | undefined>> {
  return {
    CorsOrigins: flags.corsOrigin,
    CorsCredentials: onOff(flags.corsCredentials),
    AllowCidrs: flags.allowCidr,
    Waf: onOff(flags.waf, 'managed'),
    WafRateLimit: flags.wafRateLimit?.toString(),
    WafAclArn: flags.wafAclArn,
  };
}

/** As a browser sends it in `Origin` (RFC 6454, section 6.2): what differs would never match. */
function isOrigin(text: string): boolean {
  if (text === '*') return true;
  const isPlain = /^https?:\/\/[A-Za-z0-9._:-]+$/.test(text);
  return isPlain && URL.canParse(text) && new URL(text).origin === text;
}

function isCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}
