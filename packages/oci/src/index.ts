export { readBuildArguments } from './build-arguments.ts';
export { type BuildSecret, readBuildSecrets } from './build-secrets.ts';
export type { BuildRequest, Built, ImageBuilder } from './builder.ts';
export { buildxUnavailable, engineUnavailable } from './buildx/available.ts';
export { type BuildxWorld, buildxBuilder } from './buildx/builder.ts';
export { madeBuilder } from './buildx/made-builder.ts';
export { type BuildContext, contextDigest, openContext, readInside } from './context/context.ts';
export type { Descriptor, Platform } from './descriptor.ts';
export { baseReferences } from './dockerfile/bases.ts';
export { type Dockerfile, readDockerfile } from './dockerfile/read.ts';
export { type BuildArgs, declaredArguments } from './dockerfile/scope.ts';
export { failures } from './failures.ts';
export { type ImageRecord, imageRecordSchema } from './image-record.ts';
export { type Base, inputsDigest } from './inputs-digest.ts';
export { layerOrigins } from './layer-origins.ts';
export { type Layout, openLayout, rootOf } from './layout.ts';
export { type Manifest, parseManifest } from './manifest.ts';

export { ownBuilder } from './own/builder.ts';
export { type PlatformImage, platformsOf } from './platforms.ts';
export { type Making, PROVENANCE, provenanceOf } from './provenance.ts';
export { type Reference, splitReference } from './reference.ts';
export { type Attachment, attach } from './registry/attach.ts';
export { baseFacts } from './registry/base-facts.ts';
export { registryClient } from './registry/client.ts';
export { firstConfig } from './registry/first-config.ts';
export type {
  ImageRegistry,
  RegistryLogin,
  RegistryManifest,
  RegistryProgress,
  RegistryReader,
  RegistryWriter,
  RepositoryEncryption,
  RepositoryFacts,
} from './registry/port.ts';

export { type Pushed, pushLayout } from './registry/push.ts';
export type { RegistryAccess } from './registry/session.ts';
export { tagImage } from './registry/tag.ts';
export { billOfMaterials, CYCLONEDX } from './sbom/cyclonedx.ts';
export { materialsOf } from './sbom/image-files.ts';
export { nameOf } from './sbom/vanished.ts';
