import type { RenderedEnvironment } from './environment.ts';

/** "IAM and AWS STS quotas", "Resource quotas" of KMS, "Bucket policies": each the default, so that nobody has to ask. */
const QUOTAS = {
  trust: { most: 2048, unit: 'characters' },
  'inline policies': { most: 10_240, unit: 'characters' },
  'managed policy': { most: 6144, unit: 'characters' },
  'key policy': { most: 32_768, unit: 'bytes' },
  'bucket policy': { most: 20_480, unit: 'bytes' },
} as const;

export interface DocumentSize {
  readonly document: keyof typeof QUOTAS;
  /** The kind of role, the duty of the key, or the vault. */
  readonly of: string;
  /** What it is called in the account. */
  readonly name: string;
  readonly size: number;
  readonly quota: number;
  readonly unit: 'characters' | 'bytes';
}

/**
 * The size of every document that has a quota. It is measured as JSON without a space; IAM does not count white space,
 * the others do, so apply them as they are rendered. Roles of tasks are the same for each service and counted once.
 */
export function measure({ roles, boundary, keys, vault }: RenderedEnvironment): readonly DocumentSize[] {
  const once = roles.filter(({ kind }, index) => roles.findIndex((role) => role.kind === kind) === index);
  return [
    ...once.map(({ kind, name, trust }) => sized('trust', kind, name, [trust])),
    ...once.map(({ kind, name, policies, optional }) =>
      sized('inline policies', kind, name, [...Object.values(policies), ...Object.values(optional)]),
    ),
    sized('managed policy', 'every other role', boundary.arn, [boundary.document]),
    ...once.flatMap(({ kind, boundary: own }) =>
      own && own.arn !== boundary.arn ? [sized('managed policy', kind, own.arn, [own.document])] : [],
    ),
    ...keys.map(({ duty, alias, policy }) => sized('key policy', duty, alias, [policy])),
    sized('bucket policy', 'vault', vault.bucket, [vault.policy]),
  ];
}

function sized(
  document: keyof typeof QUOTAS,
  of: string,
  name: string,
  written: readonly unknown[],
): DocumentSize {
  const { most: quota, unit } = QUOTAS[document];
  const texts = written.map((each) => JSON.stringify(each));
  const size = texts.reduce(
    (sum, text) => sum + (unit === 'bytes' ? Buffer.byteLength(text) : text.length),
    0,
  );
  return { document, of, name, size, quota, unit };
}

export function tooLarge(sizes: readonly DocumentSize[]): readonly DocumentSize[] {
  return sizes.filter(({ size, quota }) => size > quota);
}
