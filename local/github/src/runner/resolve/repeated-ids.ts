import type { YamlFile } from '../files/yaml-file.ts';
import type { Problem } from '../run-refused.ts';

interface Named {
  readonly id: string;
  /** Where in its file. */
  readonly path: readonly (string | number)[];
}

/** Ids that differ by case alone. To GitHub they are the same; its parser finds only those that are the same to the letter. */
export function repeatedIds(yaml: YamlFile, named: readonly Named[]): readonly Problem[] {
  const first = new Map<string, string>();
  return named.flatMap(({ id, path }) => {
    const before = first.get(id.toLowerCase());
    first.set(id.toLowerCase(), before ?? id);
    if (before === undefined || before === id) return [];
    const message = `The identifier '${id}' may not be used more than once within the same scope.`;
    return [yaml.problem(path, message)];
  });
}
