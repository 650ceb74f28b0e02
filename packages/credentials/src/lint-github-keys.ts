import { HOUR } from '@tenant-delivery/domain';
import { policyMistakes } from '@tenant-delivery/rotation/policy';
import { githubAppKeyMistakes } from './github-app-key/policy.ts';
import { agreedGithubAppKey, agreedGithubDeployKey } from './github-key-times.ts';
import { type LintCredential, says } from './lint.ts';
import { lintConsumers } from './lint-consumers.ts';

export const lintGithubDeployKey: LintCredential<'github-deploy-key'> = (credential, around) => {
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
};

export const lintGithubAppKey: LintCredential<'github-app-key'> = (credential, around) => {
  const { consumers } = credential;
  const cadences = consumers.map(({ cadenceHours }) => cadenceHours * HOUR);
  return [
    ...lintConsumers(consumers, around),
    ...githubAppKeyMistakes(agreedGithubAppKey(credential), cadences).map((mistake) => `policy: ${mistake}`),
  ];
};
