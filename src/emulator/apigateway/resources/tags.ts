import { readList, refuseUnknown, requireString } from '../../kernel/properties.ts';
import type { Properties } from '../../kernel/resource-provider.ts';

/** The `Tags` of a resource, a list of `Key` and `Value`, as the map that the API returns. */
export function readTags(properties: Properties): Readonly<Record<string, string>> {
  const tags = (readList(properties, 'Tags') ?? []) as Properties[];
  return Object.fromEntries(
    tags.map((tag) => {
      refuseUnknown(tag, 'Tags', ['Key', 'Value']);
      return [requireString(tag, 'Key'), requireString(tag, 'Value')];
    }),
  );
}
