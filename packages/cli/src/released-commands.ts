import type { Commands } from './commands.ts';

/** What a provider needs at work. A release has these, without sources and without local servers. */
export const RELEASED: Commands = {
  contract: {
    says: 'init | lint | status | diff | changes | sizes | matrix | render | complete | in-force | sign | publish | history: the contract with a tenant',
    load: async () => (await import('./commands/contract.ts')).contract,
  },
  doctor: {
    says: 'FILE…: is everything there that the contracts promise, and what mends what is not',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  'observe-tenant': {
    says: 'draft a contract from an account that exists',
    load: async () => (await import('./commands/observe-tenant.ts')).observeTenant,
  },
  policy: {
    says: 'lint | try | explain | import: what a scan policy allows, and what it makes of findings',
    load: async () => (await import('./commands/policy.ts')).policy,
  },
  'verify-evidence': {
    says: 'FILE --trust FILE [--contract FILE] [--json]: verify a change, offline',
    load: async () => (await import('./commands/verify-evidence.ts')).verifyEvidenceCommand,
  },
};
