import * as v from 'valibot';
import type { GithubAccess, Sharing } from './actions-secrets.ts';
import type { Changed } from './changing.ts';
import { addressesOf, type SecretHome } from './secret-home.ts';

/** Variables of Actions in one home. */
export interface ActionsVariables {
  find(name: string): Promise<{ readonly value: string; readonly updatedAt: string } | 'absent'>;
  /** Changes it in one write; one that is not there is made, for an organisation with this sharing. */
  set(name: string, value: string, sharing: Sharing | undefined): Promise<Changed>;
}

const variableAnswer = v.object({ value: v.string(), updated_at: v.string() });

export function actionsVariables({ ask, change }: GithubAccess, home: SecretHome): ActionsVariables {
  const { variables, parameters } = addressesOf(home);
  return {
    async find(name) {
      const found = await ask(`GET ${variables}/{name}`, { ...parameters, name }, variableAnswer);
      return found === 'absent' ? 'absent' : { value: found.value, updatedAt: found.updated_at };
    },
    async set(name, value, sharing) {
      const changed = await change(`PATCH ${variables}/{name}`, { ...parameters, name, value });
      if (changed.kind !== 'refused' || changed.status !== 404) return changed;
      return change(`POST ${variables}`, {
        ...parameters,
        name,
        value,
        ...(sharing === undefined ? {} : { visibility: sharing.visibility }),
        ...(sharing?.visibility === 'selected' ? { selected_repository_ids: sharing.repositories } : {}),
      });
    },
  };
}
