import { failures } from './failures.ts';
import { ServiceManifest } from './manifest.ts';
import { readYaml } from './read-yaml.ts';

/** Reads a service manifest from YAML; `file` names it in messages. Throws MANIFEST_INVALID with every mistake. */
export function readManifest(text: string, file: string): ServiceManifest {
  const read = readYaml(text, ServiceManifest);
  if ('document' in read) return read.document;
  throw failures.manifestInvalid(file, read.mistakes);
}
