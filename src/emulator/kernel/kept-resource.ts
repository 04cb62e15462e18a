import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceProvider,
} from './resource-provider.ts';

/** A resource that is kept as it was asked for, and that nothing in the emulator acts on. */
export interface KeptResource extends ProvisionedResource {
  readonly properties: Properties;
}

type Describe = (
  properties: Properties,
  context: ResourceContext,
  physicalId: string | undefined,
) => ProvisionedResource;

/**
 * Provides a resource type whose resources only have to exist, be found and be gone again.
 * @param input.kept what exists, by physical id
 * @param input.describe gives a resource its ids; it throws an AwsError for properties that the service would refuse, and for a name
 * that is taken when there is no physical id yet
 */
export function keptResourceProvider(
  input: Pick<ResourceProvider, 'type' | 'properties' | 'required' | 'actions'> & {
    readonly kept: Map<string, KeptResource>;
    readonly describe: Describe;
  },
): ResourceProvider {
  const { kept, describe, ...declared } = input;
  const keep = (resource: ProvisionedResource, properties: Properties) => {
    kept.set(resource.physicalId, { ...resource, properties });
    return resource;
  };
  return {
    ...declared,
    async create(properties, context) {
      return keep(describe(properties, context, undefined), properties);
    },
    async update(physicalId, properties, _previous, context) {
      return keep(describe(properties, context, physicalId), properties);
    },
    async delete(physicalId) {
      kept.delete(physicalId);
    },
  };
}
