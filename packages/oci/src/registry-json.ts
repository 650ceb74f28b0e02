import { readJsonText } from '@tenant-delivery/action-kit/json-text';
import { boundSize } from './blob-bounds.ts';
import { failures } from './failures.ts';

/** Members of manifests, indexes, descriptors and configurations ("OCI Image Format Specification" 1.1), by which they are read. */
const MEMBERS =
  'schemaVersion mediaType artifactType config layers manifests subject annotations digest size platform os architecture variant os.version os.features rootfs diff_ids';
const EXACT = new Map(MEMBERS.split(' ').map((name) => [folded(name), name]));

/** Members with names that an author chose. Two of them may differ by case alone. */
const MAPS = new Set(['annotations', 'Labels', 'ExposedPorts', 'Volumes']);

/**
 * A document of a registry, if every program reads the same in it. Engines and registries are written in Go, which takes
 * the last of two members with one name and ignores case: `{"os":"unknown","OS":"linux"}` looks like an attestation to
 * us, and like an image that can run to them. Such a document is refused, and so is one that is both an index and an image.
 */
export function readRegistryJson(what: string, bytes: Uint8Array | string): unknown {
  boundSize('document', what, bytes.length);
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString();
  const read = readJsonText(text);
  if ('mistakes' in read) throw failures.imageAmbiguous(what, read.mistakes);
  const problems = [...twoReadings(read.value, ''), ...twoKinds(read.value)];
  if (problems.length > 0) throw failures.imageAmbiguous(what, problems);
  return read.value;
}

function twoReadings(value: unknown, name: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => twoReadings(one, name));
  if (typeof value !== 'object' || value === null) return [];
  const members = Object.entries(value);
  const inside = members.flatMap(([member, part]) => twoReadings(part, member));
  if (MAPS.has(name)) return inside;
  const seen = new Map<string, string>();
  const own = members.flatMap(([member]) => {
    const fold = folded(member);
    const other = seen.get(fold) ?? EXACT.get(fold);
    seen.set(fold, member);
    return other === undefined || other === member
      ? []
      : [`${JSON.stringify(member)} can be read as ${JSON.stringify(other)}`];
  });
  return [...own, ...inside];
}

function twoKinds(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'manifests')) return [];
  const image = ['config', 'layers'].filter((member) => Object.hasOwn(value, member));
  return image.length === 0
    ? []
    : [`it has the manifests of an index and the ${image.join(' and ')} of an image`];
}

/** As Go's `encoding/json` compares names, with the Kelvin sign for k and the long s for s. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}
