import { inputsInvalid } from '@tenant-delivery/action-kit/readers';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { clear } from '@tenant-delivery/tenancy/clearance';
import { failures as contractFailures } from '@tenant-delivery/tenancy/failures';
import type { AgreedInputs } from '../inputs.ts';
import type { Subject } from '../subject/subject.ts';
import type { VerifyWorld } from '../verify-world.ts';
import type { Patience } from '../watch/verify.ts';
import { type ProbeRequest, planProbe } from './plan-probe.ts';
import { notProbed, probe } from './probe.ts';
import { probeOfInputs } from './probe-inputs.ts';

/** The probe that the manifest asks for, or the inputs where it asks for none, with the image that the contract names. */
export async function probeAgreed(
  world: VerifyWorld,
  given: AgreedInputs,
  admission: Admission,
  subject: Subject,
): Promise<Patience['probe']> {
  const asked = probeRequest(given, admission, subject);
  if (!asked) return undefined;
  const probing = await world.probing();
  const planned = await planProbe(world, probing, subject, asked);
  const { terms } = asked;
  if (planned.kind === 'elsewhere' && given.probe !== undefined)
    throw inputsInvalid([`probe is ${given.probe}: ${planned.why}; give a path that the rule takes`]);
  if (planned.kind !== 'ready') {
    world.runner.warning(`The balancer cannot be probed from inside: ${planned.why}`);
    return async () => notProbed(terms, planned.why);
  }
  const open = async () => probing.prober(await clearedNow(world, admission, probing.region));
  return (hold) => probe(world, { logs: probing.logs, open }, planned.plan, hold);
}

function probeRequest(
  given: AgreedInputs,
  admission: Admission,
  { image, probe: wish }: Subject,
): ProbeRequest | undefined {
  if (wish && given.probe !== undefined)
    throw inputsInvalid([
      `probe is ${given.probe}: leave it out, the manifest asks for a probe of ${wish.path}`,
    ]);
  const terms = wish ?? probeOfInputs(given);
  if (!terms) return undefined;
  const named = admission.environment.probe?.image;
  const registry = image?.split('/')[0]; // the one that the service's own image was proven to come from
  return {
    terms,
    image: named !== undefined && registry ? `${registry}/${named}` : undefined,
    agreed: {
      family: admission.names.family,
      balancer: admission.names.loadBalancer,
      listenerPort: admission.environment.loadBalancer.listenerPort,
    },
  };
}

/** The same look that a deploy begins with: this session, this cluster, this service, as the contract names them. */
async function clearedNow({ services, identity, clock }: VerifyWorld, admission: Admission, region: string) {
  const { names, target } = admission;
  const [cluster, service] = await Promise.all([
    services.cluster(names.cluster),
    services.service(names.cluster, target.service),
  ]);
  if (!cluster || !service)
    throw contractFailures.clearanceRefused([`${names.cluster} or its service ${target.service} is gone`]);
  return clear('service', admission, { identity, region, cluster, service }, clock.now());
}
