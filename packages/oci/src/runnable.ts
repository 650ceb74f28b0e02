import * as v from 'valibot';
import { type Descriptor, descriptorSchema, isAttestation } from './descriptor.ts';

const schema = v.looseObject({ manifests: v.optional(v.array(descriptorSchema)) });

/** The entries of an index that a task could run; `none` for a plain manifest, `undefined` for what is neither. */
export function runnableEntries(manifest: string): readonly Descriptor[] | 'none' | undefined {
  const read = v.safeParse(schema, parsed(manifest));
  if (!read.success) return undefined;
  return read.output.manifests?.filter((entry) => !isAttestation(entry)) ?? 'none';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what is no JSON is no manifest
  }
}
