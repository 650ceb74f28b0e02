import type { CacheRule, CacheRules } from '@tenant-delivery/rotation/pull-through/ports';
import { booleanIn, objectsIn, textIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';
import { ECR } from './ecr-service.ts';

/** The pull-through cache rules of a registry. */
export function cacheRules(config: ReturnType<typeof clientConfig>): CacheRules {
  const call = jsonCaller(ECR, config);
  return {
    list: async () => {
      const rules: CacheRule[] = [];
      let nextToken: string | undefined;
      do {
        const sent = call('DescribePullThroughCacheRules', { ...(nextToken !== undefined && { nextToken }) });
        const answer = await translated('ecr:DescribePullThroughCacheRules', sent);
        const rows = required(objectsIn(answer, 'pullThroughCacheRules'), 'pullThroughCacheRules');
        rules.push(
          ...rows.map((row) => ({
            prefix: required(textIn(row, 'ecrRepositoryPrefix'), 'ecrRepositoryPrefix'),
            upstream: required(textIn(row, 'upstreamRegistryUrl'), 'upstreamRegistryUrl'),
            credential: textIn(row, 'credentialArn'),
          })),
        );
        nextToken = textIn(answer, 'nextToken');
      } while (nextToken !== undefined);
      return rules;
    },
    validate: async (ecrRepositoryPrefix) => {
      const sent = call('ValidatePullThroughCacheRule', { ecrRepositoryPrefix });
      const answer = await translated('ecr:ValidatePullThroughCacheRule', sent);
      if (required(booleanIn(answer, 'isValid'), 'isValid')) return { valid: true };
      return { valid: false, failure: textIn(answer, 'failure') ?? 'ECR does not say why' };
    },
  };
}
