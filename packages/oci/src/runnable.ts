import * as v from 'valibot';
import { type Descriptor, descriptorSchema } from './descriptor.ts';
import { holdsStatements } from './manifest.ts';
import { readRegistryJson } from './registry-json.ts';

const schema = v.looseObject({ manifests: v.optional(v.array(descriptorSchema)) });
const layersSchema = v.looseObject({ layers: v.array(descriptorSchema) });

/**
 * The entries of an index, `none` for a plain manifest, `undefined` for anything else. Throws IMAGE_AMBIGUOUS if another
 * program could read the document differently.
 */
export function entriesOf(what: string, manifest: string): readonly Descriptor[] | 'none' | undefined {
  const read = v.safeParse(schema, readRegistryJson(what, manifest));
  return read.success ? (read.output.manifests ?? 'none') : undefined;
}

/** Whether a manifest holds in-toto statements and nothing else. */
export function isOfStatements(what: string, manifest: string): boolean {
  const read = v.safeParse(layersSchema, readRegistryJson(what, manifest));
  return read.success && holdsStatements(read.output);
}
