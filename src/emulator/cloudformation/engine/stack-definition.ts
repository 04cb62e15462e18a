import type { Json, Properties } from '../../kernel/resource-provider.ts';
import type { Place } from '../../kernel/place.ts';
import { createConditions } from '../template/conditions.ts';
import { orderByDependencies, type DependencyGraph } from './dependency-graph.ts';
import { NO_VALUE, resolve, type Resolved, type Scope } from '../template/intrinsics.ts';
import { type ParameterValue, pseudoParameters } from '../template/parameters.ts';
import { findReferences, refuseUnresolved } from '../template/references.ts';
import type { Template } from '../template/template.ts';
import { templateFormatError } from '../../kernel/aws-error.ts';

export type Tag = { readonly key: string; readonly value: string };

export type Output = { readonly key: string; readonly value: string; readonly description: string | undefined };

/** Where functions find resources: in the stack as it is, or in the changes that a change set predicts. */
export type ResourceScope = Pick<Scope, 'attribute'> & { ref(logicalId: string): Json };

/** The target state of a stack: a template with its parameters, and the settings beside it. */
export type StackDefinition = ReturnType<typeof defineStack>;

interface Settings {
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly capabilities: readonly string[];
  readonly tags: readonly Tag[];
  readonly notificationArns: readonly string[];
  readonly roleArn: string | undefined;
}

/** Combines a template and its parameters. @throws {AwsError} ValidationError (400) for unresolved or circular references */
export function defineStack(settings: Settings, stack: { readonly id: string; readonly name: string }, place: Place) {
  const { template, parameters } = settings;
  const pseudo = pseudoParameters(stack, place, settings.notificationArns);
  const refParameter = (name: string): Resolved | undefined => pseudo.get(name) ?? parameters.get(name)?.value;
  const mapping = (name: string) => template.mappings[name];
  const condition = createConditions(template.conditions, {
    mapping,
    ref: (name) => refParameter(name) ?? refuseInCondition(name),
    attribute: refuseInCondition,
  });
  for (const name of Object.keys(template.conditions)) condition(name);

  const holds = (name: string | undefined) => name === undefined || condition(name);
  const included = new Set([...template.resources].filter(([, { condition }]) => holds(condition)).map(([id]) => id));
  const dependenciesOf = (value: Json, block: string): string[] => {
    const ids = findReferences(value, condition)
      .map(({ name }) => name)
      .filter((name) => template.resources.has(name));
    refuseUnresolved(
      ids.filter((id) => !included.has(id)),
      block,
    );
    return ids;
  };
  const graph = new Map(
    [...included].map((id) => {
      const { properties, dependsOn = [] } = template.resources.get(id) ?? { properties: {} };
      return [id, [...new Set([...dependsOn, ...dependenciesOf(properties as Json, 'Resources')])]] as const;
    }),
  );
  const outputs = [...template.outputs].filter(([, output]) => holds(output.condition));
  for (const [, output] of outputs) dependenciesOf(output.value, 'Outputs');
  const order = orderByDependencies(graph);

  const scopeOf = (resources: ResourceScope): Scope => ({
    condition,
    mapping,
    ref: (name) => refParameter(name) ?? resources.ref(name),
    attribute: resources.attribute,
  });
  return {
    ...settings,
    /** The resources whose conditions hold, dependencies first, each with what it depends on. */
    dependencies: new Map(order.map((id) => [id, graph.get(id) ?? []])) as DependencyGraph,
    resolveProperties(logicalId: string, resources: ResourceScope): Properties {
      const properties = template.resources.get(logicalId)?.properties ?? {};
      return resolve(properties, scopeOf(resources)) as Properties;
    },
    resolveOutputs: (resources: ResourceScope): readonly Output[] =>
      outputs.map(([key, { value, description }]) => ({
        key,
        value: outputText(key, resolve(value, scopeOf(resources))),
        description,
      })),
  };
}

function outputText(key: string, value: Resolved): string {
  if (value !== NO_VALUE && (typeof value !== 'object' || value === null)) return String(value);
  throw templateFormatError(`The Value field of output ${key} must evaluate to a String.`);
}

function refuseInCondition(name: string): never {
  throw templateFormatError(
    `Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
  );
}
