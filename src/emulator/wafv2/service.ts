import { randomUUID } from 'node:crypto';
import { unknownOperation } from '../kernel/aws-error.ts';
import type { Place } from '../kernel/place.ts';
import type { Service } from '../kernel/service.ts';
import { scaleWait } from '../kernel/clock.ts';
import type { WafLimits } from './limits.ts';
import { webAclAssociationProvider, webAclProvider } from './resources/web-acl.ts';
import type { WafRule } from './read-web-acl.ts';
import type { WafStore, WebAcl } from './store.ts';

export type WafService = ReturnType<typeof createWaf>;

/**
 * AWS WAF of one Region: web ACLs, the resources they protect, and their decisions about requests.
 * @param input.existing ARNs of web ACLs that no stack creates; they allow everything
 * @param input.resourceExists whether an ARN is that of a resource that can have a web ACL
 */
export function createWaf(input: {
  readonly place: Place;
  readonly limits: WafLimits;
  readonly existing: readonly string[];
  readonly resourceExists: (arn: string) => boolean;
  readonly now?: () => number;
}) {
  const { limits, now = () => performance.now() } = input;
  const store: WafStore = { webAcls: new Map(), associations: new Map() };
  for (const arn of input.existing) {
    const name = arn.split('/')[2] ?? arn;
    store.webAcls.set(arn, { name, id: randomUUID(), arn, scope: 'REGIONAL', defaultAction: 'allow', rules: [] });
  }
  const counts = createRequestCounts(now);

  const matchesRule = (acl: WebAcl, { name, statement }: WafRule, sourceIp: string): boolean => {
    if (statement.type === 'managed') return false;
    const { limit, windowSeconds, by } = statement;
    // "If you change any of these settings in a rule that's currently in use, the change resets the rule's rate limiting counts"
    // (API reference, RateBasedStatement): the settings are part of the key.
    const key = [acl.arn, name, limit, windowSeconds, by === 'IP' ? sourceIp : ''].join(' ');
    return counts.add(key, scaleWait(windowSeconds * 1_000, limits.timeScale)) > limit;
  };

  return {
    protocol: 'rest-json',
    resourceProviders: [webAclProvider(store, limits), webAclAssociationProvider(store, input.resourceExists)],
    /** ARN of the web ACL of a resource. */
    webAclOf: (resourceArn: string) => store.associations.get(resourceArn),
    /** Counts a request to the resource. @returns what its web ACL decides; undefined without one */
    inspect(resourceArn: string, { sourceIp }: { readonly sourceIp: string }): 'allow' | 'block' | undefined {
      const acl = store.webAcls.get(store.associations.get(resourceArn) ?? '');
      if (!acl) return undefined;
      for (const rule of acl.rules) {
        const matched = matchesRule(acl, rule, sourceIp);
        // Count does not end the evaluation (WAF developer guide, "Using rule actions").
        if (matched && rule.action !== 'count') return rule.action;
      }
      return acl.defaultAction === 'block' ? 'block' : 'allow';
    },
    /** Names of the ACLs that stacks have created. */
    inventory: () => ({
      webAcls: [...store.webAcls.values()].filter(({ arn }) => !input.existing.includes(arn)).map(({ name }) => name),
    }),
    async handle({ headers }) {
      throw unknownOperation(400, `wafv2 call ${String(headers['x-amz-target'])}`);
    },
    close: async () => undefined,
  } satisfies Service & Record<string, unknown>;
}

/** Recent requests by key, back from now (WAF developer guide, "Rate-based rule high-level settings"). @param now ms, monotonic */
function createRequestCounts(now: () => number) {
  const counts = new Map<string, { times: number[]; first: number }>();
  return {
    /** Counts one more request of the key. @returns its requests within the window, this one included */
    add(key: string, windowMs: number): number {
      const at = now();
      const count = counts.get(key) ?? { times: [], first: 0 };
      counts.set(key, count);
      count.times.push(at);
      // This request itself is always within the window.
      while (count.first < count.times.length - 1 && (count.times[count.first] ?? at) <= at - windowMs) count.first += 1;
      // Expired times are dropped once they are the greater part, so each time is copied once or twice at most.
      if (count.first > count.times.length / 2) {
        count.times = count.times.slice(count.first);
        count.first = 0;
      }
      return count.times.length - count.first;
    },
  };
}
