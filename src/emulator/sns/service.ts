import type { KeptResource } from '../kernel/resource-provider.ts';
import { subscriptionProvider } from './resources/subscription.ts';
import { topicPolicyProvider, topicProvider } from './resources/topic.ts';

/** The part of SNS that stacks provision, in one Region: nothing is ever published. The inventory is ARNs. */
export function createSns() {
  const topics = new Map<string, KeptResource>();
  const subscriptions = new Map<string, KeptResource>();
  const policies = new Map<string, KeptResource>();
  return {
    resourceProviders: [
      topicProvider(topics, subscriptions),
      topicPolicyProvider(policies, topics),
      subscriptionProvider(subscriptions, topics),
    ],
    inventory: () => ({ topics: [...topics.keys()], subscriptions: [...subscriptions.keys()] }),
  };
}
