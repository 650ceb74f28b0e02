import type { Image } from '@tenant-delivery/domain';
import { canonicalJson } from '@tenant-delivery/domain';
import { digestOf } from '@tenant-delivery/vault/objects';
import type { Rootfs } from '../rootfs.ts';
import { type Component, purlOf } from './component.ts';
import type { Materials } from './image-files.ts';
import { npmPackages } from './npm.ts';
import { alpinePackages, debianPackages, operatingSystem } from './operating-system.ts';
import { pythonPackages } from './python.ts';
import { nameOf, UNREAD } from './vanished.ts';

export const CYCLONEDX = 'application/vnd.cyclonedx+json';

/** Marks a package whose files are there although no database names it any more. Its location is that of a lower layer. */
const VANISHED = { name: 'tenant-delivery:vanished', value: 'true' };

/**
 * The bill of materials of one platform's image in CycloneDX 1.6, from the package databases and lockfiles in it. Packages
 * that vanished from them are listed too, and marked.
 * The same image gives the same bytes: it carries no time, and its serial number is made of the image's digest.
 */
export function billOfMaterials(image: Image, platform: string, { files, vanished }: Materials): Buffer {
  const root = rootOf(image, platform);
  const components = merged(componentsOf(files), vanished);
  const complete = !files.below('/').some(([path]) => UNREAD.test(path));
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(`${image.repositoryUri}@${image.digest}`)}`,
    version: 1,
    metadata: {
      tools: { components: [{ type: 'application', name: 'tenant-delivery' }] },
      lifecycles: [{ phase: 'post-build' }],
      component: root,
    },
    components,
    compositions: [{ aggregate: complete ? 'unknown' : 'incomplete', assemblies: [root['bom-ref']] }],
  };
  return Buffer.from(canonicalJson(bill));
}

function componentsOf(files: Rootfs<Buffer>): readonly Component[] {
  const system = operatingSystem(files);
  return [
    ...(system === undefined
      ? []
      : [
          {
            kind: 'operating-system' as const,
            name: system.id,
            version: system.version ?? '',
            location: '/etc/os-release',
          },
        ]),
    ...debianPackages(files, system),
    ...alpinePackages(files, system),
    ...npmPackages(files),
    ...pythonPackages(files),
  ];
}

/** One entry for each package, with every place that names it, sorted by name. */
function merged(present: readonly Component[], vanished: readonly Component[]) {
  const gone = new Set(vanished.map(nameOf).filter((name) => !present.some((one) => nameOf(one) === name)));
  const byRef = new Map<string, { readonly component: Component; readonly locations: Set<string> }>();
  for (const component of [...present, ...vanished]) {
    const ref = component.purl ?? `${component.kind}:${component.name}@${component.version}`;
    const known = byRef.get(ref);
    if (known) known.locations.add(component.location);
    else byRef.set(ref, { component, locations: new Set([component.location]) });
  }
  return [...byRef]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ref, { component, locations }]) => {
      const { kind, group, name, version, purl } = component;
      return {
        type: kind,
        'bom-ref': ref,
        ...(group === undefined ? {} : { group: group.toWellFormed() }),
        name: name.toWellFormed(),
        ...(version === '' ? {} : { version: version.toWellFormed() }),
        ...(purl === undefined ? {} : { purl }),
        ...(gone.has(nameOf(component)) ? { properties: [VANISHED] } : {}),
        evidence: { occurrences: [...locations].sort().map((location) => ({ location })) },
      };
    });
}

function rootOf({ repositoryUri, digest }: Image, platform: string) {
  const name = repositoryUri.slice(repositoryUri.indexOf('/') + 1);
  const purl = purlOf('oci', undefined, name.slice(name.lastIndexOf('/') + 1), digest, {
    arch: platform.split('/')[1],
    repository_url: repositoryUri,
  });
  return { type: 'container', 'bom-ref': purl, name, version: digest, purl };
}

/** RFC 9562 version 8: a UUID of our own making, here of a digest. */
function uuidOf(text: string): string {
  const hex = digestOf(text).slice('sha256:'.length);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
