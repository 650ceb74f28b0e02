import type { AppDoor } from '@tenant-delivery/credentials/github-app-key/ports';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { Secret } from '@tenant-delivery/rotation/secret';
import * as v from 'valibot';
import { changed, confirmed, everyItem, refusalIn } from '../session/answers.ts';
import { type AppAsking, assertionOf } from './app-token.ts';

const appAnswer = v.object({ id: v.number() });
const listedInstallation = v.object({ id: v.number(), suspended_at: v.optional(v.nullable(v.string())) });
const tokenAnswer = v.object({ token: v.string() });

/** GitHub, asked with assertions of an App that the key in hand signs. */
export function appDoor(app: number, { clientFor, clock, masker }: AppAsking): AppDoor {
  /** Ten minutes at the longest; each is a secret of its own. */
  const asApp = ({ secret }: KeyPair) => {
    const assertion = assertionOf({ id: app, privateKey: secret }, clock.now());
    return clientFor(Secret.born(assertion, `app ${app}`, masker).reveal());
  };
  return {
    async whose(key) {
      const { rest } = await asApp(key);
      try {
        return confirmed(appAnswer, await rest.apps.getAuthenticated()).id;
      } catch (thrown) {
        const refusal = refusalIn(thrown);
        // a claim that GitHub does not like is our clock's fault, and says nothing of the key
        if (refusal?.status === 401 && !refusal.message.includes('claim')) return 'rejected';
        throw thrown;
      }
    },
    async exercise(key) {
      const { paginate, rest } = await asApp(key);
      const pages = paginate.iterator(rest.apps.listInstallations, { per_page: 100 });
      const there = (await everyItem(listedInstallation, pages)).find(({ suspended_at }) => !suspended_at);
      if (!there) return { failed: 'the App is installed nowhere' };
      const wish = { installation_id: there.id, permissions: { metadata: 'read' } } as const;
      const made = await changed(rest.apps.createInstallationAccessToken(wish));
      if (made.kind === 'refused') return { failed: `GitHub answered ${made.status}: ${made.said}` };
      const read = made.kind === 'done' ? v.safeParse(tokenAnswer, made.data) : undefined;
      if (!read?.success) return { failed: 'GitHub gave no token that could be read' };
      const token = Secret.born(read.output.token, `app ${app} token`, masker).reveal();
      const holder = await clientFor(token);
      const revoked = await changed(holder.rest.apps.revokeInstallationAccessToken());
      // one that is not revoked may read metadata for an hour, and nobody has it
      return revoked.kind === 'done'
        ? { installation: there.id }
        : { failed: 'the token could not be revoked' };
    },
  };
}
