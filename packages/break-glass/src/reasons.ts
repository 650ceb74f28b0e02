import { withRemedies } from '@tenant-delivery/rotation/remedies';

/** Why nothing is granted, or somebody has to look. Each has a page in `docs/failures`. */
const REMEDIES = {
  BREAK_GLASS_REQUEST:
    "Ask again for something that the contract allows: the requester by the identity provider's name, one of the named principals, an incident, a reason, and no more minutes than agreed.",
  BREAK_GLASS_ROLE:
    'Create the role again from templates/iam, with its boundary and sessions of an hour, under the name in the contract.',
  BREAK_GLASS_FULL: 'Close a grant that is no longer needed, or wait until one has ended, and ask again.',
  BREAK_GLASS_UNKNOWN: 'Name a grant of this role as the record lists it: run with `mode: list-grants`.',
  BREAK_GLASS_FOREIGN:
    "Find out who wrote this into the role's trust policy, and remove it. Open grants end as agreed; nothing new is granted until then.",
  BREAK_GLASS_UNVERIFIED:
    'Look at the trust policy of the role and its policy td-grants. To be safe, remove every Allow from the trust policy by hand, then run again: the run writes what the record says.',
} as const;

export type BreakGlassReason = keyof typeof REMEDIES;

export const { reason, hold } = withRemedies(REMEDIES);
