import { HOUR } from '@tenant-delivery/domain';
import type { Around } from '../lint.ts';
import { lintConsumers } from '../lint-consumers.ts';
import { agreedGithubAppKey } from './agreed.ts';
import { githubAppKeyMistakes } from './policy.ts';
import type { GithubAppKey } from './terms.ts';

export function lintGithubAppKey(credential: GithubAppKey, around: Around): readonly string[] {
  const { consumers } = credential;
  const cadences = consumers.map(({ cadenceHours }) => cadenceHours * HOUR);
  return [
    ...lintConsumers(consumers, around),
    ...githubAppKeyMistakes(agreedGithubAppKey(credential), cadences).map((mistake) => `policy: ${mistake}`),
  ];
}
