import { randomUUID } from 'node:crypto';
import { AwsError } from '../kernel/aws-error.ts';
import type { Place } from '../kernel/place.ts';
import type { Service } from '../kernel/service.ts';
import { scaleWait } from '../kernel/time-scale.ts';
import type { WafLimits } from './limits.ts';
import { createRequestCounts } from './request-counts.ts';
import { webAclAssociationProvider } from './resources/web-acl-association.ts';
import { webAclProvider } from './resources/web-acl.ts';
import type { WafRule, WebAcl } from './web-acl.ts';

/** Web ACLs by ARN, and the one of each resource by the resource's. */
export interface WafStore {
  readonly webAcls: Map<string, WebAcl>;
  readonly associations: Map<string, string>;
}

/** AWS WAF of one Region: web ACLs, which resources they look after, and what they say to a request. */
export interface WafService extends Service {
  /** ARN of the web ACL of a resource. */
  webAclOf(resourceArn: string): string | undefined;
  /** What the resource's web ACL decides; undefined without one. Counts the request. */
  inspect(
    resourceArn: string,
    request: { readonly sourceIp: string },
  ): 'allow' | 'block' | undefined;
  /** Names of the ACLs that stacks have made. */
  inventory(): { readonly webAcls: readonly string[] };
}

/**
 * @param input.existing ARNs of web ACLs that no stack makes; they let everything pass
 * @param input.resourceExists whether an ARN is one of a resource that can have a web ACL
 */
export function createWaf(input: {
  readonly place: Place;
  readonly limits: WafLimits;
  readonly existing: readonly string[];
  readonly resourceExists: (arn: string) => boolean;
  readonly now?: () => number;
}): WafService {
  const { limits, now = () => performance.now() } = input;
  const store: WafStore = { webAcls: new Map(), associations: new Map() };
  for (const arn of input.existing) store.webAcls.set(arn, passAll(arn));
  const counts = createRequestCounts(now);

  const matchesRule = (acl: WebAcl, { name, statement }: WafRule, sourceIp: string): boolean => {
    if (statement.type === 'managed') return false;
    const { limit, windowSeconds, by } = statement;
    // "If you change any of these settings in a rule that's currently in use, the change resets the rule's rate limiting counts"
    // (API reference, RateBasedStatement): another rule, to the counts.
    const key = [acl.arn, name, limit, windowSeconds, by === 'IP' ? sourceIp : ''].join(' ');
    return counts.add(key, scaleWait(windowSeconds * 1_000, limits.timeScale)) > limit;
  };

  return {
    protocol: 'rest-json',
    resourceProviders: [
      webAclProvider(store, limits),
      webAclAssociationProvider(store, input.resourceExists),
    ],
    webAclOf: (resourceArn) => store.associations.get(resourceArn),
    inspect(resourceArn, { sourceIp }) {
      const acl = store.webAcls.get(store.associations.get(resourceArn) ?? '');
      if (!acl) return undefined;
      for (const rule of acl.rules) {
        const matched = matchesRule(acl, rule, sourceIp);
        // A rule that counts ends nothing (WAF developer guide, "Using rule actions").
        if (matched && rule.action !== 'count') return rule.action;
      }
      return acl.defaultAction === 'block' ? 'block' : 'allow';
    },
    inventory: () => ({
      webAcls: [...store.webAcls.values()]
        .filter(({ arn }) => !input.existing.includes(arn))
        .map(({ name }) => name),
    }),
    async handle({ headers }) {
      throw new AwsError(
        'UnknownOperationException',
        400,
        `the emulator does not know the wafv2 call ${String(headers['x-amz-target'])}`,
      );
    },
    close: async () => undefined,
  };
}

function passAll(arn: string): WebAcl {
  const name = arn.split('/')[2] ?? arn;
  return { name, id: randomUUID(), arn, scope: 'REGIONAL', defaultAction: 'allow', rules: [] };
}
