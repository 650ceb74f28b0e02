import { join } from 'node:path';
import type { DockerEngine } from './docker-engine.ts';
import { type Outliving, outliving } from './outliving.ts';

/** One for each engine. */
const watchers = new Map<string, Outliving>();

/** What this world has at the engine goes when this process is gone, whatever ends it. `ended` says that it has gone already. */
export function watchWorld({ host }: DockerEngine, world: string): { ended(): void } {
  const watcher =
    watchers.get(host) ??
    outliving({
      file: process.execPath,
      args: [join(import.meta.dirname, 'docker-watcher.ts')],
      env: { DOCKER_HOST: host },
    });
  watchers.set(host, watcher);
  void watcher.add(world);
  return { ended: () => watcher.remove(world) };
}
