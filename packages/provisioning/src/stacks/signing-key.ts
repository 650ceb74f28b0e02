import type { RenderedKey } from '../environment.ts';
import { kept, logicalId, type Resources, ref, type Tags, tagList } from './template.ts';

/**
 * A key that signs, and its alias. `after`: the roles of its own stack that its policy names; KMS refuses principals that do
 * not exist.
 */
export function signingKey(
  { duty, alias, policy }: RenderedKey,
  tags: Tags,
  after: readonly string[],
): Resources {
  const id = logicalId('key', duty);
  return {
    [id]: kept({
      Type: 'AWS::KMS::Key',
      ...(after.length > 0 && { DependsOn: after }),
      Properties: {
        Description: `signs what the duty ${duty} records`,
        KeySpec: 'ECC_NIST_P256',
        KeyUsage: 'SIGN_VERIFY',
        KeyPolicy: policy,
        Tags: tagList(tags),
      },
    }),
    [`${id}Alias`]: kept({
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName: alias, TargetKeyId: ref(id) },
    }),
  };
}
