import type { BuildRequest, Built, ImageBuilder } from '../builder.ts';
import { openContext, readInside } from '../context/context.ts';
import { refuseLeaving } from '../context/leaving.ts';
import { basesOf } from '../dockerfile/bases.ts';
import { readDockerfile } from '../dockerfile/read.ts';
import { globalScope } from '../dockerfile/scope.ts';
import { unsupportedLines } from '../dockerfile/unsupported.ts';
import { failures } from '../failures.ts';
import type { ContainerConfig, ImageConfig } from '../image-config.ts';
import { createLayout, nameRoot } from '../layout.ts';
import { OCI_CONFIG, OCI_MANIFEST, ociLayerType } from '../media-types.ts';
import { splitReference } from '../reference.ts';
import type { RegistryReader } from '../registry/port.ts';
import { findBase } from '../registry/pull.ts';
import { Rootfs } from '../rootfs.ts';
import { carryOut } from './instructions.ts';
import { emptyImage, type StageImage } from './stage.ts';

/**
 * Builds Dockerfiles without RUN, with no engine and no daemon. The same request gives the same digest on every
 * machine. Base images come from `registry` alone.
 */
export function ownBuilder(registry: RegistryReader): ImageBuilder {
  return {
    name: 'own',
    build: async (request) => {
      const context = openContext(request.context, request.dockerfile);
      const text = readInside(context.root, request.dockerfile).toString();
      const dockerfile = readDockerfile(request.dockerfile, text);
      const bases = basesOf(dockerfile, request.buildArgs, request.platform);
      refuseLeaving(dockerfile, context);
      const unsupported = unsupportedLines(dockerfile, bases, request.platform);
      if (unsupported.length > 0) throw failures.dockerfileUnsupported(request.dockerfile, unsupported);
      const globals = globalScope(dockerfile, request.buildArgs, request.platform);
      const stages = new Map<number, StageImage>();
      for (const [n, base] of [...bases].sort(([a], [b]) => a - b)) {
        const start =
          base.kind === 'image'
            ? await baseImage(registry, base.reference, request)
            : ((base.kind === 'stage' ? stages.get(base.stage) : undefined) ?? emptyImage());
        const building = {
          dockerfile,
          context,
          given: request.buildArgs,
          globals,
          epoch: request.epoch,
          stages,
        };
        stages.set(n, await carryOut(building, n, { ...start, files: start.files.copy() }));
      }
      const last = stages.get(dockerfile.stages.length - 1);
      if (last === undefined) throw new Error('the last stage was not built');
      return write(request, last);
    },
  };
}

async function baseImage(
  registry: RegistryReader,
  reference: string,
  { base: known, platform }: BuildRequest,
): Promise<StageImage> {
  const { host, repository, reference: version } = splitReference(reference);
  if (host !== registry.host) {
    throw failures.baseImageUnavailable(reference, `it is not in the tenant's registry, ${registry.host}`);
  }
  const pinned = known.find((one) => one.reference === reference)?.digest;
  const base = await findBase(registry, repository, pinned ?? version, platform);
  const files = new Rootfs();
  const layers = [];
  for (const [n, descriptor] of base.manifest.layers.entries()) {
    const blob = await registry.readBlob(repository, descriptor.digest);
    await files.apply(blob);
    const { digest, size } = descriptor;
    const mediaType = ociLayerType(descriptor.mediaType);
    layers.push({
      descriptor: { mediaType, digest, size },
      diffId: base.config.rootfs.diff_ids[n] ?? '',
      blob,
    });
  }
  return { files, layers, config: base.config.config ?? {}, history: base.config.history ?? [] };
}

function write({ output, platform, labels, epoch }: BuildRequest, image: StageImage): Built {
  const layout = createLayout(output);
  const [os = '', architecture = '', variant] = platform.split('/');
  const config: ImageConfig = {
    created: new Date(epoch * 1000).toISOString().replace('.000Z', 'Z'),
    architecture,
    os,
    ...(variant === undefined ? {} : { variant }),
    config: labelled(image.config, labels),
    rootfs: { type: 'layers', diff_ids: image.layers.map((layer) => layer.diffId) },
    history: image.history,
  };
  for (const layer of image.layers) layout.writeBlob(layer.blob);
  const configBytes = Buffer.from(JSON.stringify(config));
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: OCI_CONFIG, digest: layout.writeBlob(configBytes), size: configBytes.length },
    layers: image.layers.map(({ descriptor }) => descriptor),
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const root = { mediaType: OCI_MANIFEST, digest: layout.writeBlob(bytes), size: bytes.length };
  nameRoot(layout, root);
  return { layout, root };
}

function labelled(config: ContainerConfig, labels: Readonly<Record<string, string>>): ContainerConfig {
  return { ...config, Labels: { ...config.Labels, ...labels } };
}
