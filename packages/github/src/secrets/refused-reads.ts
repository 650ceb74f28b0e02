import { failures } from '../failures.ts';
import type { GithubAccess } from './actions-secrets.ts';
import { nameOf, permissionsFor, type SecretHome } from './secret-home.ts';

/** Reads that say which permissions an App needs, where GitHub refuses them: the job's own token never gets there. */
export function withReasons({ ask, change }: GithubAccess, home: SecretHome): GithubAccess {
  return {
    change,
    ask: async (route, parameters, schema) => {
      try {
        return await ask(route, parameters, schema);
      } catch (thrown) {
        if (thrown instanceof Error && Reflect.get(thrown, 'code') === failures.permissionMissing.code)
          throw failures.secretsRefused(nameOf(home), permissionsFor(home), thrown.message);
        throw thrown;
      }
    },
  };
}
