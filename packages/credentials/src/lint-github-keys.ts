import { policyMistakes } from '@tenant-delivery/rotation/policy';
import { HOUR } from '@tenant-delivery/rotation/times';
import { appKeyMistakes } from './github-app-key/policy.ts';
import { agreedAppKey, agreedDeployKey } from './github-key-times.ts';
import { type LintCredential, says } from './lint.ts';
import { lintConsumers } from './lint-consumers.ts';

export const lintDeployKey: LintCredential<'github-deploy-key'> = (credential, around) => {
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
    ...policyMistakes(agreedDeployKey(credential), cadences).map((mistake) => `policy: ${mistake}`),
  ];
};

export const lintAppKey: LintCredential<'github-app-key'> = (credential, around) => {
  const { consumers } = credential;
  const cadences = consumers.map(({ cadenceHours }) => cadenceHours * HOUR);
  return [
    ...lintConsumers(consumers, around),
    ...appKeyMistakes(agreedAppKey(credential), cadences).map((mistake) => `policy: ${mistake}`),
  ];
};
