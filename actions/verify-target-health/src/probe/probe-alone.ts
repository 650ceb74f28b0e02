import { inputsInvalid } from '@tenant-delivery/action-kit/readers';
import { failures as contractFailures } from '@tenant-delivery/tenancy/failures';
import { clearUncontracted } from '@tenant-delivery/tenancy/uncontracted';
import type { AloneInputs } from '../inputs.ts';
import type { Subject } from '../subject/subject.ts';
import type { AloneWorld } from '../verify-world.ts';
import type { Patience } from '../watch/verify.ts';
import { planProbe } from './plan-probe.ts';
import { notProbed, probe } from './probe.ts';

/** The probe that the inputs ask for, with the image that they name. */
export async function probeAlone(
  world: AloneWorld,
  given: AloneInputs,
  subject: Subject,
): Promise<Patience['probe']> {
  const { probe: terms } = subject;
  if (!terms) return undefined;
  const probing = await world.probing();
  const asked = { terms, image: given['probe-image'], agreed: undefined };
  const planned = await planProbe(world, probing, subject, asked);
  if (planned.kind === 'elsewhere')
    throw inputsInvalid([`probe is ${terms.path}: ${planned.why}; give a path that the rule takes`]);
  if (planned.kind !== 'ready') {
    world.runner.warning(`The balancer cannot be probed from inside: ${planned.why}`);
    return async () => notProbed(terms, planned.why);
  }
  const open = async () => probing.prober(await clearedNow(world, given, probing.region));
  return (hold) => probe(world, { logs: probing.logs, open }, planned.plan, hold);
}

/** The same look that a deploy without a contract begins with: no contract is about the service, and this is its account. */
async function clearedNow(
  { services, tags, identity, clock }: AloneWorld,
  given: AloneInputs,
  region: string,
) {
  const names = { cluster: given.cluster, service: given.service };
  const [cluster, service] = await Promise.all([
    services.cluster(names.cluster),
    services.service(names.cluster, names.service),
  ]);
  if (!cluster || !service)
    throw contractFailures.clearanceRefused([`${names.cluster} or its service ${names.service} is gone`]);
  const [ofCluster, ofService] = await Promise.all([tags(cluster.arn), tags(service.arn)]);
  const seen = {
    identity,
    region,
    names,
    cluster: { arn: cluster.arn, tags: ofCluster },
    service: { arn: service.arn, clusterArn: service.clusterArn, tags: ofService },
  };
  return clearUncontracted(seen, clock.now());
}
