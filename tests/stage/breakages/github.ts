import { repositoryNamed } from '@tenant-delivery/local-github/world/repository';
import type { LocalPlatform } from '@tenant-delivery/local-platform';
import type { Breakage } from './breakage.ts';

const SETTINGS = 'https://github.com/acme/orders/settings/environments';
const RULES = 'https://github.com/acme/orders/settings/rules';
type Rulesets = ReturnType<typeof repositoryNamed>['rulesets'];

const environment = (name: string, settings: object) => (platform: LocalPlatform) => {
  const { environments } = repositoryNamed(platform.github.world, 'acme/orders');
  const own = environments.get(name);
  if (!own) throw new Error(`there is no ${name}`);
  environments.set(name, { ...own, ...settings });
  return () => void environments.set(name, own);
};
const rulesets = (other: (own: Rulesets) => Rulesets) => (platform: LocalPlatform) => {
  const { rulesets } = repositoryNamed(platform.github.world, 'acme/orders');
  const own = rulesets.splice(0);
  rulesets.push(...other(own));
  return () => void rulesets.splice(0, Infinity, ...own);
};

/** The customer's repository at GitHub. */
export const OF_GITHUB: readonly Breakage[] = [
  {
    what: 'the approval environment lets people approve their own runs',
    breaks: environment('acme-prod-approval', { preventSelfReview: false }),
    wrong: { 'github/acme/orders/acme-prod-approval': SETTINGS },
  },
  {
    what: 'the agreed branch may not deploy any more',
    breaks: environment('acme-prod', { branchPolicy: { kind: 'custom', patterns: [] } }),
    wrong: { 'github/acme/orders/acme-prod': SETTINGS },
  },
  {
    what: 'the branches that deploy have no rules',
    breaks: rulesets(() => []),
    wrong: { 'github/acme/orders/ruleset': RULES },
  },
  {
    what: 'pull requests need no release gate',
    breaks: rulesets((own) =>
      own.map(({ made, ...each }) => ({ ...each, ...(made && { made: { ...made, checks: [] } }) })),
    ),
    wrong: { 'github/acme/orders/ruleset': RULES },
  },
  {
    what: 'a branch that deploys may be force-pushed',
    breaks: rulesets((own) => own.map((each) => ({ ...each, rules: ['deletion'] }))),
    wrong: { 'github/acme/orders/ruleset': RULES },
  },
  {
    what: 'another repository has the name',
    breaks: (platform) => {
      const repository = repositoryNamed(platform.github.world, 'acme/orders');
      const own = repository.id;
      Object.assign(repository, { id: 999_999 });
      return () => void Object.assign(repository, { id: own });
    },
    wrong: { 'github/acme/orders': 'correct repository and repositoryId' },
  },
  {
    what: 'every branch may deploy',
    breaks: environment('acme-prod', { branchPolicy: { kind: 'all' } }),
    wrong: { 'github/acme/orders/acme-prod': SETTINGS },
  },
];
