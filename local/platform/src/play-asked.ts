import { setTimeout } from 'node:timers/promises';
import { type RunOptions, RunRefused, runWorkflow } from '@tenant-delivery/local-github';
import { finishRun, type Run } from '@tenant-delivery/local-github/world/run';
import type { LocalPlatform } from './index.ts';

const LOOK = 50; // real milliseconds

type Played = Pick<RunOptions, 'secrets' | 'startAction' | 'onEvent'>;

/** Plays every run that somebody dispatches over the API from now on, as GitHub's runners would. */
export function playAskedRuns(platform: LocalPlatform, how: Played = {}): { stop(): Promise<void> } {
  const seen = new Set([...runsOf(platform)].map(({ id }) => id));
  const playing = new Set<Promise<unknown>>();
  const stopped = new AbortController();
  const play = ({ id, repository, workflow, ref, inputs, actor }: Run) =>
    runWorkflow({
      github: platform.github,
      repository: repository.fullName,
      workflow: workflow.path,
      ref,
      event: 'workflow_dispatch',
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)])),
      actor: actor.login,
      asked: id,
      env: platform.runnerEnv,
      actions: platform.actions,
      signal: stopped.signal,
      ...(platform.startAction && { startAction: platform.startAction }),
      ...how,
    });
  const looking = (async () => {
    while (!stopped.signal.aborted) {
      for (const run of runsOf(platform)) {
        if (seen.has(run.id) || run.event !== 'workflow_dispatch') continue;
        seen.add(run.id);
        playing.add(play(run).catch((cause: unknown) => refused(run, cause)));
      }
      await setTimeout(LOOK);
    }
  })();
  /** GitHub shows a run whose file is wrong as one that failed at its start. */
  const refused = (run: Run, cause: unknown) => {
    if (!(cause instanceof RunRefused)) throw cause;
    finishRun(platform.github.world, run, 'failure');
  };
  return {
    stop: async () => {
      stopped.abort();
      await looking;
      await Promise.all(playing);
    },
  };

  function* runsOf(of: LocalPlatform): Generator<Run> {
    for (const repository of of.github.world.repositories.values()) yield* repository.runs;
  }
}
