/** Whom a change of a contract concerns: whose work or whose right it changes. */
export const CONCERNED = ['customer', 'provider'] as const;
export type Concerned = (typeof CONCERNED)[number];

/** What is said of a member of a contract that changed. */
export interface Sentence {
  /** Members of the path; a star is any one, and is handed on. */
  readonly path: string;
  readonly concerns: readonly Concerned[];
  /** `from` and `to` as text; `undefined` where the member is missing. */
  readonly says: (at: readonly string[], from: string | undefined, to: string | undefined) => string;
}

const BOTH = CONCERNED;
const CUSTOMER = ['customer'] as const;
const PROVIDER = ['provider'] as const;

export const SENTENCES: readonly Sentence[] = [
  {
    path: 'serial',
    concerns: PROVIDER,
    says: (_, from, to) => `The serial goes from ${from} to ${to}.`,
  },
  {
    path: 'expires',
    concerns: PROVIDER,
    says: (_, from, to) => `The contract ends on ${to} instead of ${from}.`,
  },
  { path: 'tier', concerns: BOTH, says: (_, from, to) => `The tier is ${to} instead of ${from}.` },
  {
    path: 'sla.availability',
    concerns: BOTH,
    says: (_, from, to) => `An availability of ${to} % is agreed instead of ${from} %.`,
  },
  {
    path: 'releases',
    concerns: PROVIDER,
    says: (_, from, to) =>
      to === undefined
        ? `The roles no longer trust the release ${from}.`
        : `The roles trust the release ${to}.`,
  },
  {
    path: 'publishers',
    concerns: BOTH,
    says: (_, from, to) =>
      to === undefined
        ? `${from} may no longer publish contracts into the vault.`
        : `${to} may publish contracts into the vault.`,
  },
  {
    path: 'runners',
    concerns: BOTH,
    says: (_, from, to) =>
      to === undefined ? `Jobs may no longer run on ${from}.` : `Jobs may run on ${to}.`,
  },
  {
    path: 'repositories.*',
    concerns: BOTH,
    says: ([repository], _, to) =>
      to === undefined ? `${repository} may no longer deliver.` : `${repository} may deliver.`,
  },
  {
    path: 'repositories.*.services',
    concerns: BOTH,
    says: ([repository], from, to) =>
      to === undefined ? `${repository} may no longer deliver ${from}.` : `${repository} may deliver ${to}.`,
  },
  {
    path: 'environments.*',
    concerns: BOTH,
    says: ([environment], _, to) =>
      to === undefined ? `The environment ${environment} goes.` : `The environment ${environment} is new.`,
  },
  {
    path: 'environments.*.services.*',
    concerns: BOTH,
    says: ([environment, service], _, to) =>
      to === undefined
        ? `${service} can no longer be delivered to ${environment}.`
        : `${service} can be delivered to ${environment}.`,
  },
  {
    path: 'environments.*.services.*.capacity.base',
    concerns: BOTH,
    says: ([environment, service], from, to) =>
      `${service} in ${environment} always has ${to} tasks instead of ${from}.`,
  },
  {
    path: 'environments.*.services.*.capacity.maximum',
    concerns: BOTH,
    says: ([environment, service], from, to) =>
      `${service} in ${environment} may grow to ${to} tasks instead of ${from}.`,
  },
  {
    path: 'environments.*.services.*.alarms',
    concerns: PROVIDER,
    says: ([environment, service], from, to) =>
      to === undefined
        ? `A delivery of ${service} to ${environment} no longer watches the alarm ${from}.`
        : `A delivery of ${service} to ${environment} watches the alarm ${to}.`,
  },
  {
    path: 'environments.*.layerEdges.*',
    concerns: BOTH,
    says: ([environment, edge = ''], from, to) => {
      const [source, target, protocol] = edge.split(' ');
      return to === undefined
        ? `In ${environment} ${source} no longer reaches ${target} by ${protocol} (${from}).`
        : `In ${environment} ${source} reaches ${target} by ${protocol} (${to}).`;
    },
  },
  {
    path: 'environments.*.layerEdges.*.ports',
    concerns: BOTH,
    says: ([environment, edge = ''], from, to) => {
      const [source, target] = edge.split(' ');
      return to === undefined
        ? `In ${environment} ${source} no longer reaches port ${from} of ${target}.`
        : `In ${environment} ${source} reaches port ${to} of ${target}.`;
    },
  },
  {
    path: 'environments.*.scanFloor.*',
    concerns: BOTH,
    says: ([environment, severity], from, to) =>
      `For ${environment} the limit of ${severity} findings is ${to ?? 'not said'}, it was ${from ?? 'not said'}.`,
  },
  {
    path: 'environments.*.verdictHours',
    concerns: CUSTOMER,
    says: ([environment], from, to) =>
      `For ${environment} a verdict counts for ${to} hours instead of ${from}; then the image is judged again.`,
  },
  {
    path: 'environments.*.approval.required.*',
    concerns: BOTH,
    says: ([environment, role], from, to) =>
      `A change in ${environment} needs ${to ?? 'no'} approvals by ${role} instead of ${from ?? 'none'}.`,
  },
  {
    path: 'environments.*.approval.roles.*',
    concerns: BOTH,
    says: ([environment, role], from, to) =>
      to === undefined
        ? `GitHub user ${from} may no longer approve changes in ${environment} as ${role}.`
        : `GitHub user ${to} may approve changes in ${environment} as ${role}.`,
  },
  {
    path: 'environments.*.approval.days',
    concerns: CUSTOMER,
    says: ([environment], from, to) =>
      `An approval in ${environment} counts for ${to} days instead of ${from}.`,
  },
  {
    path: 'environments.*.approval.bots',
    concerns: BOTH,
    says: ([environment], from, to) =>
      to === undefined
        ? `The bot ${from} may no longer write commits for ${environment}.`
        : `The bot ${to} may write commits and start runs for ${environment}.`,
  },
  {
    path: 'environments.*.protection.branches',
    concerns: CUSTOMER,
    says: ([environment], from, to) =>
      to === undefined
        ? `The branch ${from} may no longer be delivered to ${environment}.`
        : `The branch ${to} may be delivered to ${environment}.`,
  },
  {
    path: 'environments.*.evidence.retentionDays',
    concerns: BOTH,
    says: ([environment], from, to) =>
      `Evidence of ${environment} is kept for ${to} days instead of ${from}.`,
  },
  {
    path: 'environments.*.keys',
    concerns: PROVIDER,
    says: ([environment], _, to) =>
      to === undefined
        ? `The contract no longer names the keys of ${environment}: nothing that they signed counts any more.`
        : `The contract names the keys of ${environment}.`,
  },
  {
    path: 'environments.*.keys.*',
    concerns: PROVIDER,
    says: ([environment, keyId = ''], _, to) =>
      to === undefined
        ? `The key ${keyId.slice(0, 12)}… of ${environment} goes: nothing that it signed counts any more.`
        : `The key ${keyId.slice(0, 12)}… signs for ${environment}.`,
  },
  {
    path: 'environments.*.keys.*.until',
    concerns: PROVIDER,
    says: ([environment, keyId = ''], _, to) =>
      `The key ${keyId.slice(0, 12)}… of ${environment} counts ${to === undefined ? 'without an end' : `until ${to}`}.`,
  },
  {
    path: 'environments.*.adopt',
    concerns: BOTH,
    says: ([environment], _, to) =>
      to === undefined
        ? `What is there of ${environment} is no longer adopted; what was stays in its stacks.`
        : `What is there of ${environment} is taken into stacks, as it is.`,
  },
  {
    path: 'environments.*.vpc.id',
    concerns: PROVIDER,
    says: ([environment], from, to) =>
      `The VPC of ${environment} is ${to ?? 'not named'}${from === undefined ? '' : ` instead of ${from}`}.`,
  },
  {
    path: 'environments.*.credentials.*',
    concerns: BOTH,
    says: ([environment, credential], _, to) =>
      to === undefined
        ? `The credential ${credential} of ${environment} is no longer rotated here.`
        : `The credential ${credential} of ${environment} is rotated here.`,
  },
];
