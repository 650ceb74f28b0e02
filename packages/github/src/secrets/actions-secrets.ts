import * as v from 'valibot';
import { failures } from '../failures.ts';
import type { Ask } from '../session/ask.ts';
import type { Change, Changed } from '../session/changed.ts';
import { everyPage } from '../session/pages.ts';
import { sealed } from './sealed-box.ts';
import { addressesOf, nameOf, type SecretHome } from './secret-home.ts';

/** GitHub with one token: to read, and to change. */
export interface GithubAccess {
  readonly ask: Ask;
  readonly change: Change;
}

/** Who sees an organisation's secret. Every write says it anew, so it is read before. */
export interface Sharing {
  readonly visibility: 'all' | 'private' | 'selected';
  /** For `selected`. */
  readonly repositories: readonly { readonly id: number /** `owner/name` */; readonly name: string }[];
}

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

const publicKeyAnswer = v.object({
  key_id: v.string(),
  key: v.pipe(
    v.string(),
    v.transform((key) => new Uint8Array(Buffer.from(key, 'base64'))),
    v.check((key) => key.length === 32, 'the public key is not 32 bytes'),
  ),
});

const listAnswer = v.object({
  total_count: v.number(),
  secrets: v.array(
    v.object({
      name: v.string(),
      updated_at: v.string(),
      visibility: v.optional(v.picklist(['all', 'private', 'selected'])),
    }),
  ),
});

const selectedAnswer = v.object({
  total_count: v.number(),
  repositories: v.array(v.object({ id: v.number(), full_name: v.string() })),
});

const STALE = 422; // GitHub's answer to a box that was sealed to a key of before

/** What a write says of who sees it. */
export function sharedWith(sharing: Sharing | undefined): Readonly<Record<string, unknown>> {
  if (sharing === undefined) return {};
  const { visibility, repositories } = sharing;
  return visibility === 'selected'
    ? { visibility, selected_repository_ids: repositories.map(({ id }) => id) }
    : { visibility };
}

/** Who sees a secret or variable of an organisation, all of them; `absent`: it was deleted meanwhile. */
export async function sharingOf(
  ask: Ask,
  one: string,
  where: Readonly<Record<string, unknown>>,
  visibility: Sharing['visibility'],
): Promise<Sharing | 'absent'> {
  if (visibility !== 'selected') return { visibility, repositories: [] };
  const route = `GET ${one}/repositories`;
  let total = 0;
  const selected = await everyPage(ask, route, where, selectedAnswer, (answer) => {
    total = answer.total_count;
    return answer.repositories;
  });
  if (selected === 'absent') return 'absent';
  // a repository that did not come would be taken out by the next write
  if (selected.length !== total)
    throw failures.answerIncomplete(route, [`${selected.length} of ${total} repositories came`]);
  return { visibility, repositories: selected.map(({ id, full_name: name }) => ({ id, name })) };
}

/** Each home has a public key of its own, which GitHub replaces at times: it is asked for again then. */
export function actionsSecrets({ ask, change }: GithubAccess, home: SecretHome): ActionsSecrets {
  const { secrets, parameters } = addressesOf(home);
  const one = `${secrets}/{secret_name}`;
  let known: v.InferOutput<typeof publicKeyAnswer> | undefined;
  const keyOf = async () => {
    const key = await ask(`GET ${secrets}/public-key`, parameters, publicKeyAnswer);
    if (key !== 'absent') known = key;
    return key;
  };
  const put = (name: string, value: string, sharing: Sharing | undefined, key: NonNullable<typeof known>) =>
    change(`PUT ${one}`, {
      ...parameters,
      secret_name: name,
      encrypted_value: sealed(value, key.key).toString('base64'),
      key_id: key.key_id,
      ...sharedWith(sharing),
    });
  return {
    reachable: async () => ((await keyOf()) === 'absent' ? 'absent' : 'yes'),
    async find(names) {
      let total = 0;
      const listed = await everyPage(ask, `GET ${secrets}`, parameters, listAnswer, (answer) => {
        total = answer.total_count;
        return answer.secrets;
      });
      if (listed !== 'absent' && listed.length !== total)
        throw failures.answerIncomplete(`GET ${secrets}`, [`${listed.length} of ${total} secrets came`]);
      const known = new Map(
        listed === 'absent' ? [] : listed.map((secret) => [secret.name, secret] as const),
      );
      return Promise.all(
        names.map(async (name) => {
          const secret = known.get(name.toUpperCase()); // as GitHub keeps names
          if (!secret) return 'absent';
          const sharing =
            secret.visibility &&
            (await sharingOf(ask, one, { ...parameters, secret_name: secret.name }, secret.visibility));
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
    delete: (name) => change(`DELETE ${one}`, { ...parameters, secret_name: name }),
  };
}
