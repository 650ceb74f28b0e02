import { compareSettings, notSeen } from '@tenant-delivery/provisioning/github/compare-settings';
import { wantedRepositorySettings } from '@tenant-delivery/provisioning/github/wanted-settings';
import type { Applying } from '../apply/applying.ts';
import { orUnknown } from '../observe/or-unknown.ts';
import type { VerifyWorld } from '../ports.ts';
import type { Finding } from '../verify/findings.ts';

/** What a later look at GitHub's side found. */
interface LookAtGithub {
  readonly findings: readonly Finding[];
  /** Repositories in which nothing that was approved is set; only while that is so of all: apply did not come to them. */
  readonly notBegun: readonly string[];
}

/** Whether each repository that a plan set is still set as agreed. What no App sees is unknown. */
export async function lookAtGithub(
  world: Pick<VerifyWorld, 'settings'>,
  { admission, plan }: Pick<Applying, 'admission' | 'plan'>,
): Promise<LookAtGithub> {
  const wanted = wantedRepositorySettings(admission.contract, admission.target.environment);
  const planned = (plan.github ?? []).filter(({ sets }) => sets.length > 0);
  const looks = await Promise.all(
    planned.map(async ({ repository, sets }): Promise<Look> => {
      const check = `GitHub, ${repository}`;
      const unknown = (observed: string): Look => ({
        ...{ check, result: 'unknown', observed, remedy: 'Look again later.' },
        ...{ repository, begun: true },
      });
      const agreed = wanted.find((each) => each.repository === repository);
      if (!agreed) return unknown('the contract in force does not name it any more');
      const found = await orUnknown(async () => {
        const settings = await world.settings(admission, repository);
        if ('byHand' in settings) return settings;
        const observed = await settings.observe(agreed);
        return { differs: compareSettings(agreed, observed), notSeen: notSeen(agreed, observed) };
      });
      if ('unseen' in found) return unknown(found.unseen);
      if ('byHand' in found.seen) return unknown(found.seen.byHand);
      const left = found.seen.differs.filter(({ byHand }) => !byHand);
      const begun = sets.some(({ of }) => !left.some((each) => each.of === of));
      const said = ['it is set as agreed', ...found.seen.notSeen].join('; ');
      if (left.length === 0) return { check, result: 'pass', observed: said, remedy: '', repository, begun };
      const observed = left.map(({ says }) => says).join('; ');
      const remedy = 'Plan the foundation again.';
      return { check, result: 'fail', observed, remedy, repository, begun };
    }),
  );
  return {
    findings: looks.map(({ repository: _, begun: __, ...finding }) => finding),
    notBegun: looks.some(({ begun }) => begun) ? [] : looks.map(({ repository }) => repository),
  };
}

interface Look extends Finding {
  readonly repository: string;
  readonly begun: boolean;
}
