import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { AppDoor } from '@tenant-delivery/credentials/github-app-key/ports';
import type { KeyPair } from '@tenant-delivery/rotation/ports';
import { type Masker, Secret } from '@tenant-delivery/rotation/secret';
import * as v from 'valibot';
import { failures } from '../failures.ts';
import type { Changed } from '../session/changed.ts';
import { everyPage } from '../session/pages.ts';
import { assertionOf, type Sessions } from './app-token.ts';

const APP = 'GET /app';
const INSTALLATIONS = 'GET /app/installations';
const TOKENS = 'POST /app/installations/{installation_id}/access_tokens';
const TRIES = 3;

const appAnswer = v.object({ id: v.number() });
const installationsAnswer = v.array(
  v.object({ id: v.number(), suspended_at: v.optional(v.nullable(v.string())) }),
);
const tokenAnswer = v.object({ token: v.string() });

/** GitHub, asked with assertions of an App that the key in hand signs. */
export function appDoor(
  app: number,
  {
    sessions,
    clock,
    masker,
  }: { readonly sessions: Sessions; readonly clock: Clock; readonly masker: Masker },
): AppDoor {
  /** Ten minutes at the longest; each is a secret of its own. */
  const assertion = ({ secret }: KeyPair) =>
    Secret.born(assertionOf({ id: app, privateKey: secret }, clock.now()), `app ${app}`, masker).reveal();

  const answerTo = async (jwt: string): Promise<Exclude<Changed, { readonly kind: 'unknown' }>> => {
    for (let tries = 1; ; tries += 1) {
      const answer = await sessions.change(jwt)(APP, {}); // which tells the status of a refusal
      if (answer.kind !== 'unknown') return answer;
      if (tries === TRIES) throw failures.unavailable(APP, 'no answer came');
      await clock.sleep(1_000 * tries);
    }
  };

  return {
    async whose(key) {
      const answer = await answerTo(assertion(key));
      if (answer.kind === 'done') {
        const read = v.safeParse(appAnswer, answer.data);
        if (!read.success) throw failures.answerIncomplete(APP, ['it has no id']);
        return read.output.id;
      }
      // a claim that GitHub does not like is our clock's fault, and says nothing of the key
      if (answer.status === 401 && !answer.said.includes('claim')) return 'rejected';
      throw failures.permissionMissing(APP, answer.said);
    },
    async exercise(key) {
      const jwt = assertion(key);
      const ask = sessions.ask(jwt);
      const all = await everyPage(ask, INSTALLATIONS, {}, installationsAnswer, (page) => page);
      const there = all === 'absent' ? undefined : all.find(({ suspended_at }) => !suspended_at);
      if (!there) return { failed: 'the App is installed nowhere' };
      const wish = { installation_id: there.id, permissions: { metadata: 'read' } };
      const made = await sessions.change(jwt)(TOKENS, wish);
      if (made.kind === 'refused') return { failed: `GitHub answered ${made.status}: ${made.said}` };
      const read = made.kind === 'done' ? v.safeParse(tokenAnswer, made.data) : undefined;
      if (!read?.success) return { failed: 'GitHub gave no token that could be read' };
      const token = Secret.born(read.output.token, `app ${app} token`, masker).reveal();
      const revoked = await sessions.change(token)('DELETE /installation/token', {});
      // one that is not revoked may read metadata for an hour, and nobody has it
      return revoked.kind === 'done'
        ? { installation: there.id }
        : { failed: 'the token could not be revoked' };
    },
  };
}
