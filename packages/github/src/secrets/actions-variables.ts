import * as v from 'valibot';
import type { Changed } from '../session/changed.ts';
import { type GithubAccess, type Sharing, sharedWith, sharingOf } from './actions-secrets.ts';
import { addressesOf, type SecretHome } from './secret-home.ts';

export interface KnownVariable {
  readonly value: string;
  readonly updatedAt: string;
  /** Of an organisation's alone. */
  readonly sharing: Sharing | undefined;
}

/** Variables of Actions in one home. */
export interface ActionsVariables {
  find(name: string): Promise<KnownVariable | 'absent'>;
  /** Changes it in one write; one that is not there is made, for an organisation with this sharing. */
  set(name: string, value: string, sharing: Sharing | undefined): Promise<Changed>;
}

const variableAnswer = v.object({
  value: v.string(),
  updated_at: v.string(),
  visibility: v.optional(v.picklist(['all', 'private', 'selected'])),
});

export function actionsVariables({ ask, change }: GithubAccess, home: SecretHome): ActionsVariables {
  const { variables, parameters } = addressesOf(home);
  return {
    async find(name) {
      const found = await ask(`GET ${variables}/{name}`, { ...parameters, name }, variableAnswer);
      if (found === 'absent') return 'absent';
      const { value, updated_at: updatedAt, visibility } = found;
      const where = { ...parameters, name };
      const sharing = visibility && (await sharingOf(ask, `${variables}/{name}`, where, visibility));
      return sharing === 'absent' ? 'absent' : { value, updatedAt, sharing };
    },
    async set(name, value, sharing) {
      const changed = await change(`PATCH ${variables}/{name}`, { ...parameters, name, value });
      if (changed.kind !== 'refused' || changed.status !== 404) return changed;
      return change(`POST ${variables}`, {
        ...parameters,
        name,
        value,
        ...sharedWith(sharing),
      });
    },
  };
}
