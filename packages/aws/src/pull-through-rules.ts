import type { Json } from '@tenant-delivery/domain';
import type { PullThroughRules } from '@tenant-delivery/rotation/report/ports';
import type { clientConfig } from './client-config.ts';
import { ECR } from './ecr-service.ts';
import { objectsIn, textIn } from './json-answer.ts';
import { jsonCaller } from './signed-call.ts';
import { required, translated } from './translate.ts';

/** Every pull-through cache rule of the account's registry. */
export function pullThroughRules(config: ReturnType<typeof clientConfig>): PullThroughRules {
  const call = jsonCaller(ECR, config);
  return {
    all: async () => {
      const rules: Json[] = [];
      let nextToken: string | undefined;
      do {
        const asked = call('DescribePullThroughCacheRules', {
          maxResults: 1000,
          ...(nextToken !== undefined && { nextToken }),
        });
        const answer = await translated('ecr:DescribePullThroughCacheRules', asked);
        rules.push(...required(objectsIn(answer, 'pullThroughCacheRules'), 'pullThroughCacheRules'));
        nextToken = textIn(answer, 'nextToken');
      } while (nextToken !== undefined);
      return rules.map((rule) => ({
        prefix: required(textIn(rule, 'ecrRepositoryPrefix'), 'ecrRepositoryPrefix'),
        credential: textIn(rule, 'credentialArn'),
      }));
    },
  };
}
