import { isDigest } from './digest.ts';
import { RegistryError } from './error.ts';

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** Layers that a registry need not have: their maker serves them, as Microsoft does for Windows. */
const NOT_DISTRIBUTABLE =
  /^application\/vnd\.(?:docker\.image\.rootfs\.foreign\.diff\.tar(?:\.gzip)?|oci\.image\.layer\.nondistributable\.v1\.tar(?:\+(?:gzip|zstd))?)$/;

export const isDistributable = ({ mediaType }: Descriptor) => !NOT_DISTRIBUTABLE.test(mediaType);

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

export interface Manifest {
  readonly kind: 'image';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Index {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Reads a manifest or an index by its media type; MANIFEST_INVALID names what is wrong. */
export function parseManifest(mediaType: string, text: string): Manifest | Index {
  const document = parseObject(text);
  const inside = document['mediaType'];
  if (document['schemaVersion'] !== 2) throw invalid('schemaVersion is not 2');
  if (inside !== undefined && inside !== mediaType) {
    throw invalid(`the document says ${String(inside)}, the request ${mediaType}`);
  }
  const common = {
    ...(document['subject'] === undefined ? {} : { subject: descriptor(document['subject'], 'subject') }),
    ...(typeof document['artifactType'] === 'string' ? { artifactType: document['artifactType'] } : {}),
    ...(isTexts(document['annotations']) ? { annotations: document['annotations'] } : {}),
  };
  switch (mediaType) {
    case OCI_INDEX:
    case DOCKER_LIST:
      return { kind: 'index', manifests: list(document['manifests'], 'manifests'), ...common };
    case OCI_MANIFEST:
    case DOCKER_MANIFEST:
      return {
        kind: 'image',
        config: descriptor(document['config'], 'config'),
        layers: list(document['layers'], 'layers'),
        ...common,
      };
    default:
      throw invalid(`the media type ${mediaType} is not supported`);
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // said below, with the other reason
  }
  throw invalid('the manifest is not a JSON object');
}

function list(value: unknown, where: string): readonly Descriptor[] {
  if (!Array.isArray(value)) throw invalid(`${where} is not a list`);
  return value.map((item, n) => descriptor(item, `${where}[${n}]`));
}

function descriptor(value: unknown, where: string): Descriptor {
  if (typeof value !== 'object' || value === null) throw invalid(`${where} is missing`);
  const { mediaType, digest, size } = value as Record<string, unknown>; // every member is checked below
  if (typeof mediaType !== 'string') throw invalid(`${where} has no mediaType`);
  if (typeof digest !== 'string' || !isDigest(digest)) throw invalid(`${where} has no sha256 digest`);
  if (typeof size !== 'number') throw invalid(`${where} has no size`);
  return value as Descriptor; // the members that we rely on were checked; the rest is optional
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(why: string): RegistryError {
  return new RegistryError('MANIFEST_INVALID', 400, `manifest invalid: ${why}`);
}
