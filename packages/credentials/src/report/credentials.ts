import type { Switching } from '@tenant-delivery/rotation/ports';
import type { IamAccessKeyPolicy } from '../iam-access-key/policy.ts';

/** Whoever uses a credential, as it was agreed. A report does not ask them. */
export interface DeclaredConsumer {
  /** As the journal names it. */
  readonly id: string;
  readonly switching: Switching;
  readonly cadence: number;
}

interface OfEvery {
  readonly id: string;
  readonly maxAgeDays?: number | undefined;
  readonly graceDays?: number | undefined;
  readonly drainDays?: number | undefined;
  readonly consumers: readonly DeclaredConsumer[];
}

/** A credential of a contract, as far as a report asks. Names and policies, never values. */
export type ReportedCredential =
  | (OfEvery & {
      readonly kind: 'iam-access-key';
      /** With its path. */
      readonly user: string;
      readonly escrow: string;
      readonly policy: IamAccessKeyPolicy;
    })
  | (OfEvery & { readonly kind: 'secrets-manager' | 'repository-credentials'; readonly secret: string })
  | (OfEvery & { readonly kind: 'pull-through'; readonly secret: string; readonly prefix: string })
  | (OfEvery & { readonly kind: 'github-deploy-key'; readonly repository: string; readonly escrow: string })
  | (OfEvery & { readonly kind: 'github-app-key'; readonly app: number; readonly escrow: string })
  | (OfEvery & { readonly kind: 'vpn-psk'; readonly vpn: string; readonly escrow: string });

export type ReportedKind = ReportedCredential['kind'];
export type ReportedOf<Kind extends ReportedKind> = Extract<ReportedCredential, { readonly kind: Kind }>;

/** How old each may become where the contract does not say. */
const MOST_DAYS: Readonly<Record<ReportedKind, number>> = {
  'iam-access-key': 60,
  'secrets-manager': 90,
  'repository-credentials': 90,
  'pull-through': 90,
  'github-deploy-key': 180,
  'github-app-key': 180,
  'vpn-psk': 365,
};

export function maxAgeDaysOf({ kind, maxAgeDays }: ReportedCredential): number {
  return maxAgeDays ?? MOST_DAYS[kind];
}

/** What it is, in the words of whoever has it. */
export function subjectOf(credential: ReportedCredential): string {
  switch (credential.kind) {
    case 'iam-access-key':
      return `user ${credential.user}`;
    case 'pull-through':
      return `pull-through rule ${credential.prefix}`;
    case 'github-deploy-key':
      return `deploy key of ${credential.repository}`;
    case 'github-app-key':
      return `private key of App ${credential.app}`;
    case 'vpn-psk':
      return `pre-shared keys of ${credential.vpn}`;
    default:
      return `secret ${credential.secret}`;
  }
}

/** Whoever uses it, in words: as agreed, or as its rotation finds them. */
export function usersOf(credential: ReportedCredential): readonly string[] {
  const { kind, consumers } = credential;
  if (kind === 'pull-through') return [`pulls of images below ${credential.prefix}/`];
  if (kind === 'vpn-psk') return [`both ends of ${credential.vpn}`];
  return kind === 'secrets-manager' || kind === 'repository-credentials'
    ? ['tasks of the cluster, as its rotation finds them']
    : consumers.map(({ id }) => id);
}
