import type { Digest } from '@tenant-delivery/domain';
import { type ByteSource, joined } from '../byte-source.ts';
import type { ImageManifest } from '../manifest.ts';
import { Rootfs } from '../rootfs.ts';
import type { Component } from './component.ts';
import { PYTHON_METADATA } from './python.ts';
import { type Known, learned, UNREAD, vanishedPackages } from './vanished.ts';

/** The files that say which packages an image has, and which files belong to them. */
const WANTED = [
  /^\/(etc|usr\/lib)\/os-release$/,
  /^\/var\/lib\/dpkg\/(status|status\.d\/[^/]+|info\/[^/]+\.list)$/,
  /^\/(usr\/)?lib\/apk\/db\/installed$/,
  /\/node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/,
  PYTHON_METADATA,
  /\/(site|dist)-packages\/[^/]+\.dist-info\/RECORD$/,
  /\/(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)$/,
];

const EMPTY = Buffer.alloc(0);

export interface Materials {
  /** The files of an image. Only those that name packages keep their content. */
  readonly files: Rootfs<Buffer>;
  /** Packages whose files are there, and that a database named until a later layer removed the entry. */
  readonly vanished: readonly Component[];
}

/** Reads an image layer by layer, because an upper layer can remove what a lower one says about its packages. */
export async function materialsOf(
  { layers }: Pick<ImageManifest, 'layers'>,
  openBlob: (digest: Digest) => ByteSource,
): Promise<Materials> {
  const files = new Rootfs<Buffer>();
  let known: Known = new Map();
  for (const { digest } of layers) {
    let says = false;
    await files.apply(openBlob(digest), ({ path, parts }) => {
      const wanted = WANTED.some((pattern) => pattern.test(path));
      says ||= wanted || UNREAD.test(path);
      return wanted ? joined(parts) : EMPTY;
    });
    if (says) known = learned(known, files);
  }
  return { files, vanished: vanishedPackages(known, files) };
}
