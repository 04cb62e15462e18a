import { arn, type Place } from '../kernel/place.ts';
import { type FunctionDefinition, userError } from './function-properties.ts';

/** Pattern of FunctionName in the Lambda API model: a name, a partial or a full ARN, each with or without a qualifier. */
const FUNCTION_NAME =
  /^(?:arn:(aws[a-zA-Z-]*):lambda:)?(?:([a-z]{2}(?:-gov)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_]+)(?::([$a-zA-Z0-9-_]+))?$/;

/** The functions of one Region. */
export type Functions = ReturnType<typeof createFunctions>;

export function createFunctions(place: Place) {
  const byName = new Map<string, FunctionDefinition>();
  return {
    /** Finds a function by name, partial or full ARN. @throws {AwsError} ResourceNotFoundException (404) */
    get(nameOrArn: string, qualifier?: string): FunctionDefinition {
      const [, partition, region, accountId, name, suffix] = FUNCTION_NAME.exec(nameOrArn) ?? [];
      const version = qualifier ?? suffix ?? FUNCTION_VERSION;
      const definition =
        (partition ?? place.partition) === place.partition &&
        (region ?? place.region) === place.region &&
        (accountId ?? place.accountId) === place.accountId &&
        version === FUNCTION_VERSION
          ? byName.get(name ?? '')
          : undefined;
      if (definition) return definition;
      const asked = nameOrArn.startsWith('arn:') ? nameOrArn : arn(place, 'lambda', `function:${name ?? nameOrArn}`);
      const tail = version === FUNCTION_VERSION || suffix ? '' : `:${version}`;
      throw userError('ResourceNotFoundException', 404, `Function not found: ${asked}${tail}`);
    },
    has: (name: string) => byName.has(name),
    put: (definition: FunctionDefinition) => void byName.set(definition.name, definition),
    delete: (name: string) => void byName.delete(name),
    all: () => [...byName.values()],
  };
}

/** The only version: the emulator publishes none. */
export const FUNCTION_VERSION = '$LATEST';
