import { compareSettings } from '@tenant-delivery/provisioning/github/compare-settings';
import { wantedRepositorySettings } from '@tenant-delivery/provisioning/github/wanted-settings';
import type { Applying } from '../apply/applying.ts';
import { orUnknown } from '../observe/or-unknown.ts';
import type { VerifyWorld } from '../ports.ts';
import type { Finding } from '../verify/findings.ts';

/** Whether each repository that a plan set is still set as agreed. What no App sees is unknown. */
export async function lookAtGithub(
  world: Pick<VerifyWorld, 'settings'>,
  { admission, plan }: Pick<Applying, 'admission' | 'plan'>,
): Promise<readonly Finding[]> {
  const wanted = wantedRepositorySettings(admission.contract, admission.target.environment);
  const set = (plan.github ?? []).filter(({ sets }) => sets.length > 0);
  return Promise.all(
    set.map(async ({ repository }): Promise<Finding> => {
      const check = `GitHub, ${repository}`;
      const unknown = (observed: string): Finding => ({
        ...{ check, result: 'unknown', observed, remedy: 'Look again later.' },
      });
      const agreed = wanted.find((each) => each.repository === repository);
      if (!agreed) return unknown('the contract in force does not name it any more');
      const found = await orUnknown(async () => {
        const settings = await world.settings(admission, repository);
        return 'byHand' in settings ? settings : compareSettings(agreed, await settings.observe(agreed));
      });
      if ('unseen' in found) return unknown(found.unseen);
      if ('byHand' in found.seen) return unknown(found.seen.byHand);
      const left = found.seen.filter(({ byHand }) => !byHand);
      if (left.length === 0) return { check, result: 'pass', observed: 'it is set as agreed', remedy: '' };
      const observed = left.map(({ says }) => says).join('; ');
      return { check, result: 'fail', observed, remedy: 'Plan the foundation again.' };
    }),
  );
}
