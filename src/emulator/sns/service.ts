import type { KeptResources } from '../kernel/resource-provider.ts';
import { subscriptionProvider } from './resources/subscription.ts';
import { topicPolicyProvider, topicProvider } from './resources/topic.ts';

/** The part of SNS that stacks provision, in one Region: nothing is ever published. The inventory is ARNs. */
export function createSns() {
  const topics: KeptResources = new Map();
  const subscriptions: KeptResources = new Map();
  return {
    resourceProviders: [
      topicProvider(topics, subscriptions),
      topicPolicyProvider(new Map(), topics),
      subscriptionProvider(subscriptions, topics),
    ],
    inventory: () => ({ topics: [...topics.keys()], subscriptions: [...subscriptions.keys()] }),
  };
}
