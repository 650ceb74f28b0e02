import { mkdtempSync, rmSync } from 'node:fs';
import type { BuildRequest, ImageBuilder } from '../builder.ts';
import { type BuildContext, dockerfileText, openContext } from '../context/context.ts';
import { refuseLeaving } from '../context/leaving.ts';
import type { Descriptor } from '../descriptor.ts';
import { basesOf } from '../dockerfile/bases.ts';
import { type Dockerfile, readDockerfile, targetStage } from '../dockerfile/read.ts';
import { globalScope } from '../dockerfile/scope.ts';
import { unsupportedLines } from '../dockerfile/unsupported.ts';
import { failures } from '../failures.ts';
import type { ContainerConfig, ImageConfig } from '../image-config.ts';
import { createLayout, type Layout, nameRoot } from '../layout.ts';
import { OCI_CONFIG, OCI_INDEX, OCI_MANIFEST } from '../media-types.ts';
import type { RegistryReader } from '../registry/port.ts';
import { type BaseImages, baseImage } from './base-image.ts';
import { carryOut } from './instructions.ts';
import { continued, emptyImage, type StageImage } from './stage.ts';

/**
 * Builds Dockerfiles without RUN, with no engine and no daemon. The same request gives the same digest on every
 * machine. Base images come from `registry` alone.
 */
export function ownBuilder(registry: RegistryReader): ImageBuilder {
  return {
    name: 'own',
    build: async (request) => {
      const context = openContext(request.context, request.dockerfile, request.dockerfileFolder);
      const dockerfile = readDockerfile(request.dockerfile, dockerfileText(request));
      refuseLeaving(dockerfile, context);
      refuseContexts(request);
      const layout = createLayout(request.output);
      const scratch = mkdtempSync(`${request.output}-files-`);
      try {
        const bases = { registry, known: request.base, layout, scratch };
        const made: Descriptor[] = [];
        for (const platform of request.platforms) {
          const image = await buildFor(platform, request, { dockerfile, context, bases });
          made.push(writeImage(layout, request, platform, image));
        }
        const root = made.length === 1 ? plain(made) : writeIndex(layout, request, made);
        nameRoot(layout, root);
        return { layout, root };
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    },
  };
}

function refuseContexts({ dockerfile, contexts = {} }: BuildRequest): void {
  const names = Object.keys(contexts);
  if (names.length === 0) return;
  throw failures.dockerfileUnsupported(
    dockerfile,
    names.map((name) => `the named context ${name}; copy from the context itself, or build with buildx`),
  );
}

interface Sources {
  readonly dockerfile: Dockerfile;
  readonly context: BuildContext;
  readonly bases: BaseImages;
}

async function buildFor(
  platform: string,
  request: BuildRequest,
  { dockerfile, context, bases: images }: Sources,
): Promise<StageImage> {
  const target = targetStage(dockerfile, request.target);
  const bases = basesOf(dockerfile, request.buildArgs, platform, target);
  const unsupported = unsupportedLines(dockerfile, bases, platform);
  if (unsupported.length > 0) throw failures.dockerfileUnsupported(request.dockerfile, unsupported);
  const globals = globalScope(dockerfile, request.buildArgs, platform);
  const stages = new Map<number, StageImage>();
  for (const [n, base] of [...bases].sort(([a], [b]) => a - b)) {
    const start =
      base.kind === 'image'
        ? await baseImage(images, base.reference, platform)
        : ((base.kind === 'stage' ? stages.get(base.stage) : undefined) ?? emptyImage());
    const { buildArgs: given, epoch } = request;
    const building = { dockerfile, context, given, globals, epoch, stages, layout: images.layout };
    stages.set(n, await carryOut(building, n, continued(start)));
  }
  const last = stages.get(target);
  if (last === undefined) throw new Error('the last stage was not built');
  return last;
}

function writeImage(
  layout: Layout,
  { labels, annotations, epoch }: BuildRequest,
  platform: string,
  image: StageImage,
): Descriptor {
  const [os = '', architecture = '', variant] = platform.split('/');
  const place = { architecture, os, ...(variant === undefined ? {} : { variant }) };
  const config: ImageConfig = {
    created: new Date(epoch * 1000).toISOString().replace('.000Z', 'Z'),
    ...place,
    config: labelled(image.config, labels),
    rootfs: { type: 'layers', diff_ids: image.layers.map((layer) => layer.diffId) },
    history: image.history,
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: put(layout, OCI_CONFIG, config),
    layers: image.layers.map(({ descriptor }) => descriptor),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { ...put(layout, OCI_MANIFEST, manifest), platform: place };
}

function writeIndex(
  layout: Layout,
  { annotations }: BuildRequest,
  manifests: readonly Descriptor[],
): Descriptor {
  return put(layout, OCI_INDEX, {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests,
    ...(annotations === undefined ? {} : { annotations }),
  });
}

function put(layout: Layout, mediaType: string, content: object): Descriptor {
  const bytes = Buffer.from(JSON.stringify(content));
  return { mediaType, digest: layout.writeBlob(bytes), size: bytes.length };
}

function plain([image]: readonly Descriptor[]): Descriptor {
  if (image === undefined) throw new TypeError('a build needs a platform');
  const { mediaType, digest, size } = image;
  return { mediaType, digest, size };
}

function labelled(config: ContainerConfig, labels: Readonly<Record<string, string>>): ContainerConfig {
  return { ...config, Labels: { ...config.Labels, ...labels } };
}
