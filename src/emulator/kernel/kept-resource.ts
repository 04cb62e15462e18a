import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceProvider,
} from './resource-provider.ts';

/** A resource that exists with its properties and has no effect in the emulator. */
export interface KeptResource extends ProvisionedResource {
  readonly properties: Properties;
}

type Describe = (
  properties: Properties,
  context: ResourceContext,
  physicalId: string | undefined,
) => ProvisionedResource;

/**
 * Provides a resource type whose resources only have to exist until they are deleted.
 * @param input.kept the existing resources, by physical id
 * @param input.describe returns the ids of a resource; throws an AwsError for properties that the service would refuse, and, without a
 * physical id, for a name that is taken
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
