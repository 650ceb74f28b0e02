import { compareSettings } from '@tenant-delivery/provisioning/github/compare-settings';
import type { SettingsReader } from '@tenant-delivery/provisioning/github/ports';
import { keptAdditions, settingChanges } from '@tenant-delivery/provisioning/github/setting-changes';
import { stepsByHand } from '@tenant-delivery/provisioning/github/steps-by-hand';
import {
  type WantedRepository,
  wantedRepositorySettings,
} from '@tenant-delivery/provisioning/github/wanted-settings';
import type { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { PlanWorld } from '../ports.ts';

type PlannedRepository = NonNullable<StackPlan['github']>[number];
const SETTABLE = ['approval', 'deployment', 'ruleset'] as const;

/** What the foundation of an environment sets in each repository of the contract, and what is left to a person. */
export async function planGithub(
  world: Pick<PlanWorld, 'settings'>,
  admission: StacksAdmission,
): Promise<readonly PlannedRepository[]> {
  const { contract, target } = admission;
  const wanted = wantedRepositorySettings(contract, target.environment);
  return Promise.all(
    wanted.map(async (each) => {
      const settings = await world.settings(admission, each.repository);
      return 'byHand' in settings ? allByHand(each, settings.byHand) : planned(settings, each);
    }),
  );
}

function allByHand(wanted: WantedRepository, why: string): PlannedRepository {
  return { repository: wanted.repository, sets: [], byHand: [...stepsByHand(wanted)], why };
}

async function planned(settings: SettingsReader, wanted: WantedRepository): Promise<PlannedRepository> {
  const observed = await settings.observe(wanted);
  const differences = compareSettings(wanted, observed);
  const sets = SETTABLE.map((of) => ({
    of,
    because: differences.filter((each) => each.of === of && !each.byHand).map(({ says }) => says),
    changes: observed === 'absent' ? [] : [...settingChanges(of, wanted, observed)],
    keeps: observed === 'absent' || of !== 'ruleset' ? [] : [...keptAdditions(wanted, observed)],
  }));
  return {
    repository: wanted.repository,
    sets: sets.filter(({ because }) => because.length > 0),
    byHand: differences.filter(({ byHand }) => byHand).map(({ says }) => says),
    why: null,
  };
}
