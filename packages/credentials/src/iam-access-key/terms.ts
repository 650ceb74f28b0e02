import { matching } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';
import { CredentialConsumer } from '../consumers.ts';
import { escrow, ofEvery, retiring } from '../terms.ts';

/** The access key of an IAM user. */
export const IamAccessKey = v.strictObject({
  kind: v.literal('iam-access-key'),
  ...ofEvery,
  ...retiring,
  /** With its path: no other users may be rotated by the role of this environment. */
  user: matching(/^td-rotatable\/[\w+=,.@-]{1,64}$/, 'a user below td-rotatable/'),
  /** The secret of Secrets Manager that keeps the key. */
  escrow,
  consumers: v.array(CredentialConsumer),
});
export type IamAccessKey = v.InferOutput<typeof IamAccessKey>;
