import { digestOf } from './digest.ts';
import { layerEntries } from './layers.ts';

export interface InstalledPackage {
  readonly name: string;
  /** The source package that advisories speak of. */
  readonly source: string;
  readonly version: string;
  readonly sourceVersion: string;
}

export interface OperatingSystem {
  readonly id: string;
  readonly version: string;
  readonly packages: readonly InstalledPackage[];
  /** The layer that has the package database. */
  readonly layer: string;
}

/** A package of a language, where it lies in the image. */
export interface LanguagePackage {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly layer: string;
}

const NODE_PACKAGE = /(^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/;

/** What a scanner of npm's packages sees: those that are installed, not those that a lock file speaks of. */
export async function nodePackagesOf(layers: readonly Buffer[]): Promise<readonly LanguagePackage[]> {
  const files = await filesOf(layers, NODE_PACKAGE);
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, { text, layer }]) => {
      const { name, version } = readPackage(text);
      return name && version ? [{ name, version, path, layer }] : [];
    });
}

function readPackage(text: string): { readonly name?: string; readonly version?: string } {
  try {
    return JSON.parse(text) as { name?: string; version?: string }; // a scanner takes from it what is there
  } catch {
    return {};
  }
}

const WANTED =
  /^(etc\/os-release|usr\/lib\/os-release|var\/lib\/dpkg\/status|var\/lib\/dpkg\/status\.d\/[^/]+)$/;

/** What a scanner of operating system packages sees in an image; `undefined` when no system that it knows is in it. */
export async function operatingSystemOf(layers: readonly Buffer[]): Promise<OperatingSystem | undefined> {
  const files = await filesOf(layers, WANTED);
  const release = (files.get('etc/os-release') ?? files.get('usr/lib/os-release'))?.text;
  if (release === undefined) return undefined;
  const id = /^ID="?([^"\n]*)"?$/m.exec(release)?.[1] ?? '';
  const version = /^VERSION_ID="?([^"\n]*)"?$/m.exec(release)?.[1] ?? '';
  const status = [...files]
    .filter(([path]) => path.startsWith('var/lib/dpkg/status'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, file]) => file.text.split(/\n{2,}/));
  const layer = [...files].find(([path]) => path.startsWith('var/lib/dpkg/status'))?.[1].layer ?? '';
  if (id !== 'debian' || status.length === 0) return undefined;
  return { id, version, packages: status.flatMap(packageOf), layer };
}

interface LayerFile {
  readonly text: string;
  readonly layer: string;
}

/** The last state of each wanted file: a later layer replaces or, by a whiteout, removes what an earlier one had. */
async function filesOf(layers: readonly Buffer[], wanted: RegExp): Promise<Map<string, LayerFile>> {
  const files = new Map<string, LayerFile>();
  for (const blob of layers) {
    const entries = await layerEntries(blob);
    const layer = digestOf(blob);
    for (const { path } of entries) {
      const [, folder = '', name = ''] = /^(.*\/)?\.wh\.([^/]+)$/.exec(path) ?? [];
      if (name === '') continue;
      const gone = name === '.wh..opq' ? folder : `${folder}${name}`;
      for (const file of files.keys()) {
        if (file === gone || file.startsWith(gone.endsWith('/') ? gone : `${gone}/`)) files.delete(file);
      }
    }
    for (const { path, header, content } of entries) {
      if (wanted.test(path) && header.type === 'file') {
        files.set(path, { text: content.toString(), layer });
      }
    }
  }
  return files;
}

function packageOf(paragraph: string): readonly InstalledPackage[] {
  const field = (name: string) => new RegExp(`^${name}: *(.*)$`, 'm').exec(paragraph)?.[1]?.trim();
  const name = field('Package');
  const version = field('Version');
  if (name === undefined || version === undefined) return [];
  if (!(field('Status') ?? 'install ok installed').endsWith(' installed')) return [];
  const [, source = name, sourceVersion = version] =
    /^(\S+)(?: \(([^)]+)\))?$/.exec(field('Source') ?? name) ?? [];
  return [{ name, source, version, sourceVersion }];
}
