import { nameOf, type SecretHome } from '@tenant-delivery/credentials/secret-home';
import * as v from 'valibot';
import { type Changed, changed, confirmed, orAbsent, wholeList } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { sealed } from './sealed-box.ts';
import { secretRoutes } from './secret-routes.ts';
import { type Sharing, sharingOf, visibility } from './sharing.ts';

export interface KnownSecret {
  /** GitHub's moment of the last write, to the second. */
  readonly updatedAt: string;
  /** Of an organisation's alone. */
  readonly sharing: Sharing | undefined;
}

/** Secrets of Actions in one home: sealed when they are written, and never read. */
export interface ActionsSecrets {
  /** `absent`: the home itself is not there, such as an environment that nobody made. */
  reachable(): Promise<'yes' | 'absent'>;
  /** Each of these, or that it is not there: one question for all of them. */
  find(names: readonly string[]): Promise<readonly (KnownSecret | 'absent')[]>;
  /** `sharing` is what an organisation's secret will be seen by. */
  write(name: string, value: string, sharing: Sharing | undefined): Promise<Changed>;
  delete(name: string): Promise<Changed>;
}

const publicKey = v.object({
  key_id: v.string(),
  key: v.pipe(
    v.string(),
    v.transform((key) => new Uint8Array(Buffer.from(key, 'base64'))),
    v.check((key) => key.length === 32, 'the public key is not 32 bytes'),
  ),
});

const listedSecret = v.object({ name: v.string(), updated_at: v.string(), visibility });

const STALE = 422; // GitHub's answer to a box that was sealed to a key of before

/** Each home has a public key of its own, which GitHub replaces at times: it is asked for again then. */
export function actionsSecrets(github: GithubClient, home: SecretHome): ActionsSecrets {
  const routes = secretRoutes(github, home);
  let known: v.InferOutput<typeof publicKey> | undefined;
  const keyOf = async () => {
    const answer = await orAbsent(routes.publicKey());
    if (answer === 'absent') return 'absent';
    known = confirmed(publicKey, answer);
    return known;
  };
  const put = (name: string, value: string, sharing: Sharing | undefined, key: NonNullable<typeof known>) => {
    const box = { encrypted_value: sealed(value, key.key).toString('base64'), key_id: key.key_id };
    return changed(routes.putSecret(name, box, sharing));
  };
  return {
    reachable: async () => ((await keyOf()) === 'absent' ? 'absent' : 'yes'),
    async find(names) {
      const listed = await orAbsent(wholeList(listedSecret, routes.secrets()));
      const there = new Map(
        listed === 'absent' ? [] : listed.map((secret) => [secret.name, secret] as const),
      );
      return Promise.all(
        names.map(async (name) => {
          const secret = there.get(name.toUpperCase()); // as GitHub keeps names
          if (!secret) return 'absent';
          const selected = routes.selectedFor?.secret;
          const sharing = await sharingOf(secret.visibility, selected && (() => selected(secret.name)));
          return sharing === 'absent' ? 'absent' : { updatedAt: secret.updated_at, sharing };
        }),
      );
    },
    async write(name, value, sharing) {
      const key = known ?? (await keyOf());
      if (key === 'absent') return { kind: 'refused', status: 404, said: `${nameOf(home)} is not there` };
      const first = await put(name, value, sharing, key);
      if (first.kind !== 'refused' || first.status !== STALE) return first;
      const fresh = await keyOf();
      if (fresh === 'absent' || fresh.key_id === key.key_id) return first;
      return put(name, value, sharing, fresh);
    },
    delete: (name) => changed(routes.deleteSecret(name)),
  };
}
