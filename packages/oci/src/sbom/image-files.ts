import type { Digest } from '@tenant-delivery/domain';
import type { ImageManifest } from '../manifest.ts';
import { Rootfs } from '../rootfs.ts';
import { PYTHON_METADATA } from './python.ts';

/** What says which packages an image has. */
const WANTED = [
  /^\/(etc|usr\/lib)\/os-release$/,
  /^\/var\/lib\/dpkg\/(status|status\.d\/[^/]+)$/,
  /^\/(usr\/)?lib\/apk\/db\/installed$/,
  /\/node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/,
  PYTHON_METADATA,
  /\/(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)$/,
];

/** The files of an image, of which only those that name packages have kept their content. */
export async function packageFiles(
  { layers }: Pick<ImageManifest, 'layers'>,
  readBlob: (digest: Digest) => Buffer,
): Promise<Rootfs> {
  const files = new Rootfs();
  for (const { digest } of layers) {
    await files.apply(readBlob(digest), (path) => WANTED.some((pattern) => pattern.test(path)));
  }
  return files;
}
