import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { review } from '@tenant-delivery/local-github/world/approval';
import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';

/** A run of a workflow that has ended, or that waits until somebody reviews it. */
export type Begun =
  | { readonly kind: 'ended'; readonly delivery: Delivery }
  | { readonly kind: 'waits'; readonly review: (login: string) => Promise<Delivery> };

/** Starts a run, and goes as far as it goes without anybody's review. */
export async function begin(stage: Stage, options: Parameters<Stage['run']>[0]): Promise<Begun> {
  const { world } = stage.platform.github;
  const { promise: asked, resolve } = Promise.withResolvers<Begun>();
  const delivery = stage.run({
    ...options,
    onEvent: (event) => {
      if (event.kind !== 'job-waiting' || event.on.kind !== 'reviewers') return;
      resolve({
        kind: 'waits',
        review: (login) => {
          const { runs } = repositoryNamed(world, options.repository);
          const waiting = runs
            .flatMap(({ pending }) => pending)
            .find(({ job }) => job.id === event.job.apiId);
          if (!waiting) throw new Error(`${event.job.name} waits for no review`);
          review(world, waiting.job, { state: 'approved', login, comment: '' });
          return delivery;
        },
      });
    },
  });
  return Promise.race([asked, delivery.then((ended): Begun => ({ kind: 'ended', delivery: ended }))]);
}
