import type { ImageReplicationStatus, ImageSigningStatus } from '@aws-sdk/client-ecr';
import type { World } from '../world/world.ts';
import { script } from './script.ts';

/** What one DescribeImageReplicationStatus answers: the truth, or these rows (also with words that nobody knows). */
export type ReplicationStep =
  | { readonly kind: 'as-it-is' }
  | { readonly kind: 'rows'; readonly rows: readonly Row<ImageReplicationStatus>[] };

/** The same of DescribeImageSigningStatus. */
export type SigningStep =
  | { readonly kind: 'as-it-is' }
  | { readonly kind: 'rows'; readonly rows: readonly Row<ImageSigningStatus>[] };

type Row<Status extends { status?: unknown }> = Omit<Status, 'status'> & { readonly status: string };

const replications = script<ReplicationStep>();
const signings = script<SigningStep>();

/** Plays replication of an image step by step, as `scriptScan` plays its scan. */
export const scriptReplication = replications.set;
export const scriptSigning = signings.set;

/** The rows to answer, or `undefined` for the truth. */
export function nextReplicationRows(
  world: World,
  account: string,
  digest: string,
): ImageReplicationStatus[] | undefined {
  const step = replications.next(world, account, digest);
  return step?.kind === 'rows' ? ([...step.rows] as ImageReplicationStatus[]) : undefined; // a script may say any word
}

export function nextSigningRows(
  world: World,
  account: string,
  digest: string,
): ImageSigningStatus[] | undefined {
  const step = signings.next(world, account, digest);
  return step?.kind === 'rows' ? ([...step.rows] as ImageSigningStatus[]) : undefined; // the same
}
