import { compareSettings, notSeen } from '@tenant-delivery/provisioning/github/compare-settings';
import {
  type WantedRepository,
  wantedRepositorySettings,
} from '@tenant-delivery/provisioning/github/wanted-settings';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import { orUnknown } from '../observe/or-unknown.ts';
import { GITHUB, type StackDrift } from '../observe/stack-drift.ts';
import type { ObserveWorld } from '../ports.ts';

/**
 * How each repository differs from what was agreed. Without an App that reads nothing is compared, which is unknown where
 * the contract has an App to set it: then the settings were planned and approved.
 */
export async function observeGithub(
  world: Pick<ObserveWorld, 'settings'>,
  admission: StacksAdmission,
): Promise<readonly StackDrift[]> {
  const { contract, target, environment, part } = admission;
  const { settings } = world;
  if (part !== 'foundation' || (settings === undefined && environment.githubApp === undefined)) return [];
  const wanted = wantedRepositorySettings(contract, target.environment);
  return Promise.all(wanted.map((each) => observeOne(settings, admission, each)));
}

export const NO_APP = 'the job was given no App that reads: set reader-app-id and reader-app-key';

async function observeOne(
  settingsAt: ObserveWorld['settings'],
  admission: StacksAdmission,
  wanted: WantedRepository,
): Promise<StackDrift> {
  const { repository: stack } = wanted;
  const none = { stack, region: GITHUB, differences: [], unknown: [], notSeen: [] };
  if (settingsAt === undefined) return { ...none, unknown: [NO_APP] };
  const found = await orUnknown(async () => {
    const settings = await settingsAt(admission, stack);
    if ('byHand' in settings) return settings;
    const observed = await settings.observe(wanted);
    return { found: compareSettings(wanted, observed), notSeen: notSeen(wanted, observed) };
  });
  if ('unseen' in found) return { ...none, unknown: [found.unseen] };
  if ('byHand' in found.seen) return { ...none, unknown: [found.seen.byHand] };
  const differences = found.seen.found.map(({ of, says }) => ({
    what: of,
    id: null,
    sentence: `${stack}: ${says}`,
    by: null,
  }));
  return { ...none, differences, notSeen: found.seen.notSeen };
}
