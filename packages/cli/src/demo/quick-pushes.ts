import type { RunEvent } from '@tenant-delivery/local-github';
import { review } from '@tenant-delivery/local-github/world/approval';
import { type Delivery, ORDERS, type Stage } from './stage.ts';

const REPOSITORY = 'acme/orders';

/** Three pushes in quick succession, each planned before the next: what ships is the newest, approved once. */
export async function quickPushes(stage: Stage): Promise<void> {
  const { claims, terminal, platform } = stage;
  const pendingOf = () =>
    (platform.github.world.repositories.get(REPOSITORY)?.runs ?? []).flatMap(({ pending }) => pending);
  stage.mark();
  const begun: Promise<Delivery>[] = [];
  for (const version of ['2.1.0', '2.2.0', '2.3.0']) {
    await stage.commit(`Release ${version}`, { VERSION: `${version}\n` });
    const asked = Promise.withResolvers<void>();
    const delivery = stage.run({
      repository: REPOSITORY,
      workflow: '.github/workflows/deliver.yml',
      ref: 'refs/heads/main',
      event: 'push',
      actor: 'dev-ana',
      onEvent: (event: RunEvent) => {
        if (event.kind === 'job-waiting' && event.on.kind === 'reviewers') asked.resolve();
      },
    });
    begun.push(delivery);
    await Promise.race([asked.promise, delivery]);
  }
  const waiting = pendingOf();
  for (const { job } of waiting) {
    review(platform.github.world, job, { state: 'approved', login: 'lead-ben', comment: '' });
  }
  const deliveries = await Promise.all(begun);
  const [first, second, third] = deliveries;
  const answer = await stage.ask();
  terminal.line(terminal.bold('Quick pushes end with the newest'));
  claims.claim(
    'of three plans one waited for approval: GitHub asks nobody about the others any more',
    waiting.length === 1,
    () => `${waiting.length} waited`,
  );
  claims.claim(
    `the older ones ended as withdrawn: ${[first, second].map((each) => each?.change).join(', ')}`,
    first?.outcome === 'withdrawn' && second?.outcome === 'withdrawn',
    () => deliveries.map(({ outcome }) => outcome).join(', '),
  );
  const note = second?.change ? (await stage.events(second.change)).at(-1)?.decision?.note : undefined;
  claims.claim(
    `their records say which change took their place: ${third?.change}`,
    third !== undefined && note?.startsWith(third.change) === true,
    () => String(note),
  );
  claims.claim('one UpdateService was sent', stage.effects('ecs', 'UpdateService') === 1);
  claims.claim(
    `${ORDERS.service} answers with the newest: ${answer.body}`,
    third?.outcome === 'closed' && answer.body.includes('"version":"2.3.0"'),
    () => `${third?.outcome}: ${answer.body}`,
  );
}
