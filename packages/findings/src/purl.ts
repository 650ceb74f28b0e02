/** A package as an inspection names it. */
export interface NamedPackage {
  /** The registry's word: `OS`, `NPM`, `JAR`, … */
  readonly manager?: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly release?: string | undefined;
  readonly epoch?: number | undefined;
  /** The image's operating system as Amazon Inspector names it: `DEBIAN_12`. */
  readonly system?: string | undefined;
}

/** Amazon Inspector's package managers ("PackageManager") by the purl type of what they install. */
const TYPES = new Map<string, string>([
  ['NPM', 'npm'],
  ['NODEPKG', 'npm'],
  ['YARN', 'npm'],
  ['PNPM', 'npm'],
  ['PIP', 'pypi'],
  ['PIPENV', 'pypi'],
  ['POETRY', 'pypi'],
  ['PYTHONPKG', 'pypi'],
  ['UV', 'pypi'],
  ['JAR', 'maven'],
  ['POM', 'maven'],
  ['GRADLE', 'maven'],
  ['GOMOD', 'golang'],
  ['GOBINARY', 'golang'],
  ['BUNDLER', 'gem'],
  ['GEMSPEC', 'gem'],
  ['CARGO', 'cargo'],
  ['RUSTBINARY', 'cargo'],
  ['COMPOSER', 'composer'],
  ['NUGET', 'nuget'],
  ['DOTNET_CORE', 'nuget'],
  ['DOTNET_BINARY', 'nuget'],
]);

/** Systems by their first word, with what their packages are and the name that purl gives the vendor. */
const SYSTEMS: readonly (readonly [prefix: string, type: string, vendor: string])[] = [
  ['DEBIAN', 'deb', 'debian'],
  ['UBUNTU', 'deb', 'ubuntu'],
  ['ALPINE_LINUX', 'apk', 'alpine'],
  ['ALPINE', 'apk', 'alpine'],
  ['CHAINGUARD', 'apk', 'chainguard'],
  ['WOLFI', 'apk', 'wolfi'],
  ['AMAZON_LINUX', 'rpm', 'amazon'],
  ['AL', 'rpm', 'amazon'],
  ['RHEL', 'rpm', 'redhat'],
  ['REDHAT', 'rpm', 'redhat'],
  ['CENTOS', 'rpm', 'centos'],
  ['ORACLE_LINUX', 'rpm', 'oracle'],
  ['ROCKY_LINUX', 'rpm', 'rocky'],
  ['ROCKY', 'rpm', 'rocky'],
  ['ALMALINUX', 'rpm', 'almalinux'],
  ['FEDORA', 'rpm', 'fedora'],
  ['PHOTON', 'rpm', 'photon'],
  ['SUSE', 'rpm', 'suse'],
  ['SLES', 'rpm', 'suse'],
  ['OPENSUSE', 'rpm', 'opensuse'],
];

/**
 * The package URL of what an inspection names, without the architecture. No API gives one. What we have no type for is
 * `generic`, never nothing, so that a waiver can name it and two packages are never taken for one.
 */
export function purlOf({ manager = '', name, version, release, epoch, system = '' }: NamedPackage): string {
  const type = TYPES.get(manager.toUpperCase());
  if (type !== undefined) return `pkg:${type}/${pathOf(type, name)}${versionPart(version)}`;
  const [, os, vendor] = (isSystem(manager) && systemOf(system)) || [];
  const full = release ? `${version}-${release}` : version;
  if (os === undefined || vendor === undefined)
    return `pkg:generic/${pathOf('generic', name)}${versionPart(full)}`;
  const spelt = os === 'deb' && epoch ? `${epoch}:${full}` : full;
  const qualifiers = os === 'rpm' && epoch ? `?epoch=${epoch}` : '';
  return `pkg:${os}/${vendor}/${pathOf(os, name)}${versionPart(spelt)}${qualifiers}`;
}

function isSystem(manager: string): boolean {
  return manager === '' || manager.toUpperCase() === 'OS';
}

const systems = new Map<string, (typeof SYSTEMS)[number] | undefined>();

/** An image has one system, and a list of findings names it in every row. */
function systemOf(system: string): (typeof SYSTEMS)[number] | undefined {
  if (!systems.has(system))
    systems.set(
      system,
      SYSTEMS.find(([prefix]) => fits(system, prefix)),
    );
  return systems.get(system);
}

function fits(system: string, prefix: string): boolean {
  return system.toUpperCase() === prefix || new RegExp(`^${prefix}[_\\d]`, 'i').test(system);
}

function versionPart(version: string): string {
  return version === '' ? '' : `@${encoded(version)}`;
}

/** Namespace and name, as each type wants them written. */
function pathOf(type: string, name: string): string {
  const [, group, artifact] = /^([^:]+):(.+)$/.exec(name) ?? [];
  if (type === 'maven' && group && artifact) return `${encoded(group)}/${encoded(artifact)}`;
  if (type === 'pypi') return encoded(name.toLowerCase().replaceAll('_', '-'));
  // Early npm packages may have capitals, and are different from packages of the same name in small letters.
  const spelt = ['composer', 'deb', 'apk', 'golang'].includes(type) ? name.toLowerCase() : name;
  const parted = type === 'npm' || type === 'composer' || type === 'golang';
  return parted ? spelt.split('/').map(encoded).join('/') : encoded(spelt);
}

/** A colon stays as it is ("Package URL specification", percent-encoding). Half a character, as JSON may hold, is none. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%3A', ':');
}
