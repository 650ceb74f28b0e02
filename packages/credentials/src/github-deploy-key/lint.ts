import { HOUR } from '@tenant-delivery/domain';
import { policyMistakes } from '@tenant-delivery/rotation/policy';
import { type Around, says } from '../lint.ts';
import { lintConsumers } from '../lint-consumers.ts';
import { agreedGithubDeployKey } from './agreed.ts';
import type { GithubDeployKey } from './terms.ts';

export function lintGithubDeployKey(credential: GithubDeployKey, around: Around): readonly string[] {
  const { consumers, escrow, repository } = credential;
  const cadences = consumers.map(({ cadenceHours }) => cadenceHours * HOUR);
  return [
    ...lintConsumers(consumers, around),
    ...says(
      around.githubApp !== undefined,
      'repository: its deploy keys are kept by an App, which githubApp of the environment must name',
    ),
    ...says(
      repository.toLowerCase() !== around.operations.toLowerCase(),
      `repository: ${around.operations} is where rotations run; no key but its own jobs' token should open it`,
    ),
    ...says(
      !around.apps.includes(escrow),
      `escrow: ${escrow} has the private key of the App, which a rotation would write over`,
    ),
    ...policyMistakes(agreedGithubDeployKey(credential), cadences).map((mistake) => `policy: ${mistake}`),
  ];
}
