import type { CacheRules } from '@tenant-delivery/credentials/pull-through/ports';
import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { ecrClient } from './ecr-client.ts';

/** The pull-through cache rules of a registry. */
export function cacheRules(config: ClientConfig): CacheRules {
  const ecr = ecrClient(config);
  return {
    list: async () => {
      const pages = ecr.pages((sdk, client) => sdk.paginateDescribePullThroughCacheRules({ client }, {}));
      const found = await everyRow('ecr:DescribePullThroughCacheRules', pages, 'pullThroughCacheRules');
      return found.map((rule) => ({
        prefix: required(rule.ecrRepositoryPrefix, 'ecrRepositoryPrefix'),
        upstream: required(rule.upstreamRegistryUrl, 'upstreamRegistryUrl'),
        credential: rule.credentialArn,
      }));
    },
    validate: async (ecrRepositoryPrefix) => {
      const sent = ecr.send((sdk) => new sdk.ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix }));
      const { isValid, failure } = await translated('ecr:ValidatePullThroughCacheRule', sent);
      if (required(isValid, 'isValid')) return { valid: true };
      return { valid: false, failure: failure ?? 'ECR does not say why' };
    },
  };
}
