import type { PolicyDocument } from './document.ts';

/**
 * "IAM and AWS STS quotas", "Resource quotas" (AWS KMS), "Policies and permissions in Amazon S3": each the default. What
 * IAM counts are the characters of all documents together, white space aside; KMS and S3 count bytes.
 */
export const POLICY_QUOTAS = {
  'trust policy of role': { most: 2_048, unit: 'characters' },
  'inline policies of role': { most: 10_240, unit: 'characters' },
  'inline policies of user': { most: 2_048, unit: 'characters' },
  'managed policy': { most: 6_144, unit: 'characters' },
  'key policy of': { most: 32_768, unit: 'bytes' },
  'bucket policy of': { most: 20_480, unit: 'bytes' },
} as const;

export type Quota = keyof typeof POLICY_QUOTAS;

/** The quota that documents exceed, with their size; `undefined` where AWS takes them. */
export function exceeded(
  quota: Quota,
  documents: readonly PolicyDocument[],
): { readonly most: number; readonly size: number; readonly unit: string } | undefined {
  const { most, unit } = POLICY_QUOTAS[quota];
  const texts = documents.map((document) => JSON.stringify(document));
  const size = texts.reduce(
    (sum, text) => sum + (unit === 'bytes' ? Buffer.byteLength(text) : text.length),
    0,
  );
  return size > most ? { most, size, unit } : undefined;
}

/** AWS would not have taken what a seed puts: there is no such account. */
export function demandQuota(quota: Quota, name: string, documents: readonly PolicyDocument[]): void {
  const over = exceeded(quota, documents);
  if (over)
    throw new Error(`the ${quota} ${name} has ${over.size} ${over.unit}, and AWS takes ${over.most} at most`);
}
