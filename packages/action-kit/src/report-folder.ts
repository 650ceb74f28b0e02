import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where an action leaves files for later steps of its job. */
export interface ReportFolder {
  /** Writes a file and answers its path. A text that comes in pieces is never held as a whole. */
  write(name: string, text: string | Iterable<string>): Promise<string>;
}

/** A folder of its own, made with the first file, below the runner's folder for what a job may lose. */
export function reportFolderIn(temp: string, prefix: string): ReportFolder {
  let folder: Promise<string> | undefined;
  return {
    async write(name, text) {
      folder ??= mkdtemp(join(temp, prefix));
      const path = join(await folder, name);
      await writeFile(path, typeof text === 'string' ? text : inPieces(text));
      return path;
    },
  };
}

const PIECE = 65_536; // characters written at once

function* inPieces(text: Iterable<string>): Generator<string> {
  let piece = '';
  for (const part of text) {
    piece += part;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
