import type { ByteSource } from '../byte-source.ts';
import type { Descriptor } from '../descriptor.ts';
import type { ContainerConfig, ImageConfig } from '../image-config.ts';
import { type LayerEntry, writeLayer } from '../layer.ts';
import type { Layout } from '../layout.ts';
import { OCI_LAYER_GZIP } from '../media-types.ts';
import { Rootfs } from '../rootfs.ts';

/** An image under construction. */
export interface StageImage {
  readonly files: Rootfs<ByteSource>;
  readonly layers: readonly StageLayer[];
  readonly config: ContainerConfig;
  /** What a line can name: the image's environment, and what ARG said in this stage and in those that it begins with. */
  readonly variables: Readonly<Record<string, string>>;
  readonly history: NonNullable<ImageConfig['history']>;
}

export interface StageLayer {
  readonly descriptor: Descriptor;
  readonly diffId: string;
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** `FROM scratch`, with what BuildKit gives an image that has no base. */
export function emptyImage(): StageImage {
  return { files: new Rootfs(), layers: [], ...beginning({ WorkingDir: '/' }), history: [] };
}

/** A stage's first configuration. BuildKit gives a path to an image that has none. */
export function beginning(config: ContainerConfig): Pick<StageImage, 'config' | 'variables'> {
  const env = config.Env ?? [];
  const Env = env.some((entry) => entry.startsWith('PATH=')) ? env : [...env, PATH];
  const variables = Env.map((entry) => [entry.split('=')[0] ?? '', entry.slice(entry.indexOf('=') + 1)]);
  return { config: { ...config, Env }, variables: Object.fromEntries(variables) };
}

/** Another stage that begins with this one. Its environment counts again, also where an ARG had hidden it. */
export function continued(image: StageImage): StageImage {
  const { config, variables } = beginning(image.config);
  return { ...image, files: image.files.copy(), config, variables: { ...image.variables, ...variables } };
}

/** The image with another configuration. Its history gets a line without a layer. */
export function configured(
  image: StageImage,
  said: string,
  config: ContainerConfig,
  epoch: number,
): StageImage {
  return { ...image, config, history: [...image.history, historyOf(said, epoch, true)] };
}

/** The image with one more layer. Of several entries for one path, the last counts. */
export async function layered(
  image: StageImage,
  said: string,
  entries: readonly LayerEntry[],
  { layout, epoch }: { readonly layout: Layout; readonly epoch: number },
): Promise<StageImage> {
  const last = new Map(entries.map((entry) => [entry.path, entry]));
  const { digest, diffId, size } = await writeLayer(layout, [...last.values()], epoch);
  const descriptor = { mediaType: OCI_LAYER_GZIP, digest, size };
  return {
    ...image,
    layers: [...image.layers, { descriptor, diffId }],
    history: [...image.history, historyOf(said, epoch, false)],
  };
}

function historyOf(said: string, epoch: number, empty: boolean) {
  const created = new Date(epoch * 1000).toISOString().replace('.000Z', 'Z');
  return { created, created_by: said, comment: 'tenant-delivery', ...(empty ? { empty_layer: true } : {}) };
}
