import type { NormalizedSchema } from '@smithy/core/schema';

/** The first n members of a structure tuple are required; n is the tuple's seventh element. */
export function requiredMembers(structure: NormalizedSchema): readonly string[] {
  const [names, required] = tuple(structure);
  return names.slice(0, required);
}

export function memberNames(structure: NormalizedSchema): readonly string[] {
  return tuple(structure)[0];
}

function tuple(structure: NormalizedSchema): [names: readonly string[], required: number] {
  const schema: unknown = structure.getSchema();
  if (!Array.isArray(schema)) return [[], 0];
  return [schema[4] as string[], typeof schema[6] === 'number' ? schema[6] : 0]; // element 4 of a structure tuple holds the names
}

/** Members of a structure with their schemas; none for an operation without input or output. */
export function members(structure: NormalizedSchema): readonly (readonly [string, NormalizedSchema])[] {
  return structure.isStructSchema() ? [...structure.structIterator()] : [];
}
