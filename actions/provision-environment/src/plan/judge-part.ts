import { refusedAdoption, refusedChangeOver } from '@tenant-delivery/provisioning/adopt/judge-adoption';
import { orphans } from '@tenant-delivery/provisioning/plan/judge-changes';
import { changeOfSet, foreignChangeSets, stateOf } from '@tenant-delivery/provisioning/plan/judge-state';
import { STACKS_OF_ENVIRONMENT } from '@tenant-delivery/tenancy/lint-places';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import { notRenderable, stackNames } from '../wanted-stacks.ts';
import type { ObservedPart, ObservedStack } from './observe-stacks.ts';

/** What speaks against any plan of the part, before a change set is made: a sentence each. */
export function judgePart(
  admission: StacksAdmission,
  kind: 'provision' | 'withdrawal',
  observed: ObservedPart,
): readonly string[] {
  return [
    ...(kind === 'provision'
      ? [
          ...notRenderable(admission),
          ...judgeZones(admission, observed),
          ...judgeNetwork(admission, observed),
          ...judgeOrphans(admission, observed),
          ...observed.stacks.flatMap((stack) => judgeAdoption(admission, stack)),
        ]
      : judgeOrder(admission, observed)),
    ...observed.stacks.flatMap(judgeStack),
  ];
}

function judgeStack({ wanted, live, template, changeSets }: ObservedStack): readonly string[] {
  const state = stateOf(live);
  return [
    ...(state.kind === 'refused' ? [state.why] : []),
    ...(template === 'unreadable'
      ? [`${wanted.name} has a template that this release did not write: somebody else made or changed it`]
      : []),
    ...foreignChangeSets(wanted.name, changeSets),
  ];
}

/** What the contract names is there, is what the contract says, and is free to be taken. */
function judgeAdoption(
  { contract, target }: StacksAdmission,
  { wanted, template, found }: ObservedStack,
): readonly string[] {
  const live = template === 'unreadable' ? undefined : template;
  return [
    ...refusedChangeOver(wanted, live),
    ...refusedAdoption(wanted, `${contract.id}/${target.environment}`, live, found),
  ];
}

/** EC2 would say so only when the network is half made. */
function judgeZones(
  { environment, target, part }: StacksAdmission,
  { zones }: ObservedPart,
): readonly string[] {
  if (part !== 'network') return [];
  return environment.zones
    .filter((zone) => !zones.includes(zone))
    .map((zone) => `${target.region} has no zone ${zone} for this account; it has ${zones.join(', ')}`);
}

/** Services take the ids of the network: it must be there, with every output that they take. */
function judgeNetwork(admission: StacksAdmission, { stacks, network }: ObservedPart): readonly string[] {
  const taken = [...new Set(stacks.flatMap(({ wanted }) => Object.values(wanted.takes)))];
  if (taken.length === 0) return [];
  const name = stackNames(admission).network;
  if (!network) return [`${name} is not there: provision the part network first`];
  const missing = taken.filter((output) => network[output] === undefined);
  return missing.length > 0
    ? [`${name} has no output ${missing.join(', ')}: provision the part network first`]
    : [];
}

function judgeOrphans(admission: StacksAdmission, { stacks, present }: ObservedPart): readonly string[] {
  if (admission.part !== 'services') return [];
  return orphans(
    servicesAmong(admission, present),
    stacks.map(({ wanted }) => wanted.name),
  );
}

/** Services go first, then the network, then operations with the foundation. */
function judgeOrder(admission: StacksAdmission, { present }: ObservedPart): readonly string[] {
  const { network } = stackNames(admission);
  const services = servicesAmong(admission, present);
  const first = {
    services: [],
    network: services,
    foundation: [...services, ...(present.includes(network) ? [network] : [])],
  }[admission.part];
  return first.map((name) => `${name} is there: withdraw it before the part ${admission.part}`);
}

/** A service has a stack of its own, and lint keeps the names of the others from services. */
function servicesAmong(admission: StacksAdmission, present: readonly string[]): readonly string[] {
  const { prefix } = stackNames(admission);
  return present.filter((name) => !STACKS_OF_ENVIRONMENT.includes(name.slice(prefix.length)));
}

/** Changes whose change sets lie at the stacks of the part, beside this one. */
export function otherChanges({ stacks }: ObservedPart): readonly string[] {
  const found = stacks.flatMap(({ changeSets }) => changeSets.map(({ name }) => changeOfSet(name)));
  return [...new Set(found.filter((change) => change !== undefined))];
}
