import { validationError } from '../../kernel/aws-error.ts';

/** Keys, each with the keys that it depends on. Keys outside the graph do not count. */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>;

/** The keys, dependencies first, otherwise in their order. @throws {AwsError} ValidationError (400) for a circular dependency */
export function orderByDependencies(graph: DependencyGraph): string[] {
  const ordered = new Set<string>();
  while (ordered.size < graph.size) {
    const ready = [...graph.keys()].filter(
      (key) => !ordered.has(key) && dependenciesOf(graph, key).every((other) => ordered.has(other)),
    );
    if (ready.length === 0) {
      const circle = [...graph.keys()].filter((key) => !ordered.has(key));
      throw validationError(`Circular dependency between resources: [${circle.join(', ')}]`);
    }
    for (const key of ready) ordered.add(key);
  }
  return [...ordered];
}

/** Runs a function for every key, dependencies first, others at once; false holds dependents back. @returns keys that failed */
export async function runInOrder(graph: DependencyGraph, run: (key: string) => Promise<boolean>): Promise<string[]> {
  const failed: string[] = [];
  const runs = new Map<string, Promise<boolean>>();
  for (const key of orderByDependencies(graph)) {
    const before = dependenciesOf(graph, key).flatMap((other) => runs.get(other) ?? []);
    const runAfter = async () => {
      if (!(await Promise.all(before)).every(Boolean)) return false;
      const isDone = await run(key);
      if (!isDone) failed.push(key);
      return isDone;
    };
    runs.set(key, runAfter());
  }
  await Promise.all(runs.values());
  return failed;
}

/** The graph with every edge reversed: the order of deletion. */
export function reverseDependencies(graph: DependencyGraph): DependencyGraph {
  const reversed = new Map([...graph.keys()].map((key) => [key, [] as string[]]));
  for (const key of graph.keys()) {
    for (const dependency of dependenciesOf(graph, key)) reversed.get(dependency)?.push(key);
  }
  return reversed;
}

function dependenciesOf(graph: DependencyGraph, key: string): readonly string[] {
  return (graph.get(key) ?? []).filter((other) => graph.has(other));
}
