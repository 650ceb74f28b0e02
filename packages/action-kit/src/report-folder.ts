import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where an action leaves files for later steps of its job. */
export interface ReportFolder {
  /** Writes a file and answers its path. */
  write(name: string, text: string): Promise<string>;
}

/** A folder of its own, made with the first file, below the runner's folder for what a job may lose. */
export function reportFolderIn(temp: string, prefix: string): ReportFolder {
  let folder: Promise<string> | undefined;
  return {
    async write(name, text) {
      folder ??= mkdtemp(join(temp, prefix));
      const path = join(await folder, name);
      await writeFile(path, text);
      return path;
    },
  };
}
