import { execFileSync } from 'node:child_process';
import type { BundledPackage } from './notices.ts';
import { root } from './this-repository.ts';

/** What this code reads of npm's answer (CycloneDX 1.5). */
interface Bill {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly version: string;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/**
 * The bill of materials of a release, as CycloneDX: npm's own of everything that is locked, cut to the packages whose code
 * is in dist/. Without a random number and with the commit's time, so that two builds write the same bytes.
 */
export function billOf(packages: readonly BundledPackage[], version: string, at: Date): string {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const answer = execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const { serialNumber: _, ...whole } = JSON.parse(answer) as Bill & { serialNumber: string }; // CycloneDX
  const components = packages.map(({ name, version: bundled }) => {
    const found = whole.components.find((each) => each.name === name && each.version === bundled);
    if (!found) throw new Error(`npm sbom does not know ${name} ${bundled}, which is in dist/`);
    return found;
  });
  const kept = new Set(components.map((component) => component['bom-ref']));
  const self = {
    'bom-ref': `tenant-delivery@${version}`,
    type: 'application',
    name: 'tenant-delivery',
    version,
  };
  const among = whole.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
  const bill = {
    ...whole,
    metadata: { ...whole.metadata, timestamp: at.toISOString(), component: self },
    components,
    dependencies: [{ ref: self['bom-ref'], dependsOn: [...kept] }, ...among],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}
