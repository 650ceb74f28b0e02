import type { Outcome } from '@tenant-delivery/action-kit/main';
import { MINUTE } from '@tenant-delivery/domain';
import { requireUncontracted } from '@tenant-delivery/tenancy/contract-tag';
import { observeAlarms } from './bake/bake.ts';
import { sayAlarms } from './bake/begin-bake.ts';
import type { AloneInputs } from './inputs.ts';
import { probeAlone } from './probe/probe-alone.ts';
import { endingOf, type WatchResult } from './report/ending.ts';
import { healthReport } from './report/health-record.ts';
import { outcomeOf } from './report/outcome.ts';
import { currentSubject } from './subject/current-subject.ts';
import type { AloneWorld } from './verify-world.ts';
import { verify } from './watch/verify.ts';

/**
 * Verifies what any ECS service runs now, with the credentials of the job: no contract, no record. There is nothing
 * that a later run could continue from, so a bake has to end within this one.
 */
export async function runAlone(given: AloneInputs, world: AloneWorld): Promise<Outcome> {
  const { runner, clock } = world;
  const deadline = clock.now() + given['timeout-minutes'] * MINUTE;
  const wait = given['wait-minutes'] * MINUTE;
  const subject = await runner.group('Find what the service runs', async () => {
    requireUncontracted(await tagsOf(world, given));
    return currentSubject(world, given, deadline);
  });
  const { terms } = subject;
  const probe = await probeAlone(world, given, subject);
  const watched = await runner.group('Watch its tasks at the load balancer', async () => {
    const alarms = terms && (await observeAlarms(world, terms));
    if (terms && alarms) sayAlarms(world, terms, alarms);
    return verify(world, subject, {
      deadline,
      wait: wait + MINUTE, // the last look comes after the last minute
      beforeLook: async () => {},
      probe,
      beginBake: async () => ({ at: clock.now(), alarms: alarms ?? { at: clock.now(), alarms: [] } }),
    });
  });
  const concluded = concludeNow(watched, given['wait-minutes']);
  const ending = endingOf(concluded);
  const about = { change: null, report: null };
  const health = healthReport(about, subject, concluded, ending, clock.now());
  return outcomeOf(runner, given.service, health, concluded, {
    cluster: given.cluster,
    service: given.service,
    taskDefinition: subject.taskDefinition,
  });
}

/** Tags of cluster and service by what they are. What does not exist has none, and is told of later. */
async function tagsOf({ services, tags }: AloneWorld, { cluster, service }: AloneInputs) {
  const [found, running] = await Promise.all([services.cluster(cluster), services.service(cluster, service)]);
  const [ofCluster, ofService] = await Promise.all([
    found ? tags(found.arn) : {},
    running ? tags(running.arn) : {},
  ]);
  return { [`The cluster ${cluster}`]: ofCluster, [`The service ${service}`]: ofService };
}

/** No later run will conclude this bake, so what is still open at its end remains unproven. */
function concludeNow(watched: WatchResult, minutes: number): WatchResult {
  const { baked, by } = watched;
  if (!baked || by !== 'bake' || baked.judgement.verdict !== 'going') return watched;
  const why = [...baked.judgement.why, `this run waited for ${minutes} minutes`];
  return { ...watched, baked: { ...baked, judgement: { ...baked.judgement, verdict: 'inconclusive', why } } };
}
