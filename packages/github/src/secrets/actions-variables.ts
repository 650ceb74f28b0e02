import type { SecretHome } from '@tenant-delivery/credentials/secret-home';
import * as v from 'valibot';
import { type Changed, changed, confirmed, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { secretRoutes } from './secret-routes.ts';
import { type Sharing, sharingOf, visibility } from './sharing.ts';

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

const variableAnswer = v.object({ value: v.string(), updated_at: v.string(), visibility });

export function actionsVariables(github: GithubClient, home: SecretHome): ActionsVariables {
  const routes = secretRoutes(github, home);
  return {
    async find(name) {
      const answer = await orAbsent(routes.variable(name));
      if (answer === 'absent') return 'absent';
      const found = confirmed(variableAnswer, answer);
      const selected = routes.selectedFor?.variable;
      const sharing = await sharingOf(found.visibility, selected && (() => selected(name)));
      return sharing === 'absent' ? 'absent' : { value: found.value, updatedAt: found.updated_at, sharing };
    },
    async set(name, value, sharing) {
      const updated = await changed(routes.updateVariable(name, value));
      if (updated.kind !== 'refused' || updated.status !== 404) return updated;
      return changed(routes.createVariable(name, value, sharing));
    },
  };
}
