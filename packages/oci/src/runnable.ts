import * as v from 'valibot';
import { type Descriptor, descriptorSchema, isAttestation } from './descriptor.ts';

const schema = v.looseObject({ manifests: v.optional(v.array(descriptorSchema)) });

/** The entries of an index; `none` for a plain manifest, `undefined` for what is neither. */
export function entriesOf(manifest: string): readonly Descriptor[] | 'none' | undefined {
  const read = v.safeParse(schema, parsed(manifest));
  return read.success ? (read.output.manifests ?? 'none') : undefined;
}

/** Those of them that a task could run. */
export function runnableEntries(manifest: string): readonly Descriptor[] | 'none' | undefined {
  const entries = entriesOf(manifest);
  return typeof entries === 'object' ? entries.filter((entry) => !isAttestation(entry)) : entries;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what is no JSON is no manifest
  }
}
