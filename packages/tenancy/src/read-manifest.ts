import { describeMistake } from '@tenant-delivery/action-kit/document';
import type { Reading } from '@tenant-delivery/action-kit/workspace';
import { ScanPolicyFile, wishOf } from '@tenant-delivery/findings/policy-file';
import { failures } from './failures.ts';
import { ServiceManifest } from './manifest.ts';
import { readYaml } from './read-yaml.ts';

/** A service's scan policy in a file of its own: beside its manifest. */
export function scanPolicyBeside(manifest: string): string {
  return `${manifest.slice(0, manifest.lastIndexOf('/') + 1)}scan-policy.yaml`;
}

/** A file by the path that people know it by. */
export interface GivenFile {
  readonly path: string;
  readonly reading: Reading;
}

/**
 * A manifest with the scan policy that stands beside it, which is its member `scan` from then on. One failure lists all
 * mistakes of a file; both words at once are one.
 */
export function joinManifest(
  path: string,
  text: string,
  policy: GivenFile,
): {
  readonly manifest: ServiceManifest /** Where `scan` came from, if not from the manifest. */;
  readonly scanFrom?: string;
} {
  const read = readYaml(text, ServiceManifest);
  if ('mistakes' in read) throw failures.manifestInvalid(path, read.mistakes);
  const manifest = read.document;
  const { reading } = policy;
  if (reading.kind === 'none') {
    if (reading.why === 'does not exist') return { manifest };
    throw failures.scanPolicyInvalid(policy.path, [reading.why]);
  }
  const parsed = readYaml(reading.text, ScanPolicyFile);
  const joined = 'document' in parsed ? wishOf(parsed.document) : undefined;
  const mistakes = [
    ...('mistakes' in parsed ? parsed.mistakes : []),
    ...(joined?.mistakes ?? []).map(describeMistake),
    ...(manifest.scan === undefined ? [] : [`is there, and so is \`scan\` in ${path}: keep one of both`]),
  ];
  if (mistakes.length > 0 || !joined) throw failures.scanPolicyInvalid(policy.path, mistakes);
  return { manifest: { ...manifest, scan: joined.wish }, scanFrom: policy.path };
}

/** A breach as its own file names it: `high` in a policy file, `scan.high` in a manifest. */
export function breachIn(
  scanFrom: string | undefined,
  breach: { readonly path: string; readonly problem: string },
): string {
  return scanFrom !== undefined && /^scan\b/.test(breach.path)
    ? `${scanFrom}: ${describeMistake({ ...breach, path: breach.path.replace(/^scan\.?/, '') })}`
    : describeMistake(breach);
}
