import { generateNameSuffix } from '../../src/emulator/kernel/properties.ts';
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceProvider,
} from '../../src/emulator/kernel/resource-provider.ts';

type Context = Omit<ResourceContext, 'nameSuffix'>;

/** The provider of a resource type, called as the engine calls it: each step has a name of its own, and errors reject. */
export function handlersOf(service: { readonly resourceProviders: readonly ResourceProvider[] }, type: string) {
  const provider = service.resourceProviders.find((each) => each.type === type);
  if (!provider) throw new Error(`no provider for ${type}`);
  const step = <Id>(physicalId: Id, properties: Properties, previous: Properties, context: Context) => ({
    physicalId,
    properties,
    previous,
    context: { ...context, nameSuffix: generateNameSuffix() },
    hasStackTags: false,
    readsUnset: true,
  });
  return {
    ...provider,
    create: async (properties: Properties, context: Context): Promise<ProvisionedResource> =>
      provider.put(step(undefined, properties, {}, context)),
    update: async (physicalId: string, properties: Properties, previous: Properties, context: Context) =>
      provider.put(step(physicalId, properties, previous, context)),
    delete: async (physicalId: string, properties: Properties, context: Context) =>
      provider.delete(step(physicalId, properties, {}, context)),
  };
}
