import { type Rootfs, TooManyLinks } from '../rootfs.ts';

/** A file's text. Links are followed inside the image. `undefined` if there is no such file, or links lead round in circles. */
export function textOf(files: Rootfs<Buffer>, path: string): string | undefined {
  const node = files.get(realPath(files, path, true));
  return node?.kind === 'file' ? node.content.toString() : undefined;
}

/** Where a path leads, with the links of its folders followed, and its own if asked. A path that leads round in circles stays as it is. */
export function realPath(files: Rootfs<Buffer>, path: string, followLast = false): string {
  try {
    return files.resolve(path, followLast);
  } catch (thrown) {
    if (thrown instanceof TooManyLinks) return path;
    throw thrown;
  }
}
