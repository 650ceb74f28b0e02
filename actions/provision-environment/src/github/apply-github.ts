import { type AppliedSetting, applySettings } from '@tenant-delivery/provisioning/github/apply-settings';
import {
  compareSettings,
  type SettingDifference,
} from '@tenant-delivery/provisioning/github/compare-settings';
import type { ObservedRepository, RepositorySettings } from '@tenant-delivery/provisioning/github/ports';
import { settingChanges } from '@tenant-delivery/provisioning/github/setting-changes';
import {
  type WantedRepository,
  wantedRepositorySettings,
} from '@tenant-delivery/provisioning/github/wanted-settings';
import type { StackPlan } from '@tenant-delivery/provisioning/plan/plan';
import type { Applying } from '../apply/applying.ts';
import { assertMaySend } from '../apply/may-send.ts';
import type { ApplyWorld } from '../ports.ts';
import type { Finding } from '../verify/findings.ts';

type PlannedRepository = NonNullable<StackPlan['github']>[number];

/** Sets what was approved of GitHub's side, looks again, and says what is not as it was to be. */
export async function applyGithub(
  world: Pick<ApplyWorld, 'settings' | 'runner' | 'clock'>,
  applying: Pick<Applying, 'admission' | 'change' | 'plan' | 'hold'>,
): Promise<readonly Finding[]> {
  const { admission, plan, hold } = applying;
  const wanted = wantedRepositorySettings(admission.contract, admission.target.environment);
  const findings: Finding[] = [];
  for (const planned of plan.github ?? []) {
    const each = wanted.find(({ repository }) => repository === planned.repository);
    if (!each || planned.sets.length === 0) continue;
    await hold();
    const settings = await world.settings(admission, each.repository);
    findings.push(
      ...('byHand' in settings
        ? [failed(each.repository, settings.byHand)]
        : await setAndLook(world, settings, each, planned, () => assertMaySend(world, applying))),
    );
  }
  return findings;
}

async function setAndLook(
  { runner }: Pick<ApplyWorld, 'runner'>,
  settings: RepositorySettings,
  wanted: WantedRepository,
  { sets }: PlannedRepository,
  assertMaySet: () => void,
): Promise<readonly Finding[]> {
  const { repository } = wanted;
  const before = await settings.observe(wanted);
  if (before === 'absent') return [failed(repository, 'it is not there, or the App may not see it')];
  const differing = compareSettings(wanted, before).filter(({ of }) => sets.some((each) => each.of === of));
  const beyond = beyondApproval(
    wanted,
    before,
    sets.filter(({ of }) => differing.some((each) => each.of === of && !each.byHand)),
  );
  const approved = differing.filter(({ of }) => !beyond.some((each) => each.of === of));
  if (approved.some(({ byHand }) => !byHand)) assertMaySet(); // what is wanted is of the contract in force
  const applied = await applySettings(settings, wanted, before, approved);
  for (const { of, result } of applied) runner.info(`${repository}: ${of} ${sayResult(result)}`);
  const refused = applied.flatMap(({ of, result }) =>
    typeof result === 'object' ? [`${of}: ${result.refused}`] : [],
  );
  const left = compareSettings(wanted, await settings.observe(wanted)).filter(({ byHand }) => !byHand);
  const observed = [...beyond.map(({ says }) => says), ...refused, ...left.map(({ says }) => says)];
  return observed.length > 0
    ? [failed(repository, observed.join('; '))]
    : [{ check: `GitHub, ${repository}`, result: 'pass', observed: 'it is set as agreed', remedy: '' }];
}

/** What setting something would change by now that nobody approved: then it is left alone. */
function beyondApproval(
  wanted: WantedRepository,
  observed: ObservedRepository,
  sets: PlannedRepository['sets'],
): readonly { readonly of: SettingDifference['of']; readonly says: string }[] {
  return sets.flatMap(({ of, changes }) =>
    settingChanges(of, wanted, observed)
      .filter(({ path, after }) => !changes.some((each) => each.path === path && each.after === after))
      .map(({ path, before, after }) => ({
        of,
        says: `${of} was not set: ${path} would go from ${before ?? 'nothing'} to ${after ?? 'nothing'}, which nobody approved`,
      })),
  );
}

function sayResult(result: AppliedSetting['result']): string {
  if (result === 'set') return 'is set';
  return result === 'unknown' ? 'was sent, and no answer came' : `was refused: ${result.refused}`;
}

function failed(repository: string, observed: string): Finding {
  const remedy =
    'Mend what GitHub names, by hand or in the rights of the App, and plan the foundation again.';
  return { check: `GitHub, ${repository}`, result: 'fail', observed, remedy };
}
