import { createPublicKey } from 'node:crypto';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { CredentialOf } from '@tenant-delivery/credentials/kinds';

import { opening as appKey } from '@tenant-delivery/rotate-access/agreed/github-app-key';
import type { RunEnd } from '@tenant-delivery/rotation/engine';
import type { Story } from '../crashed-rotation.ts';
import { openedRun } from '../opened-run.ts';
import { APP_KEY, clients, expected, ownedByOthers, settled, versionsOf } from './ground.ts';
import { pairOf, withGithub } from './with-github.ts';

const ROTATOR: CredentialOf<'github-app-key'> & { readonly id: string } = {
  kind: 'github-app-key',
  id: 'rotator-app',
  app: 77,
  escrow: APP_KEY,
  consumers: [{ kind: 'external', name: 'hq', cadenceHours: 10 }],
};

/** The App's owner makes a key, brings it to hq when asked, and deletes the old one when asked. */
export async function appKeyStory(folder: string): Promise<Story> {
  const at = await withGithub(folder);
  const { clock, app } = at;
  const [old, made] = [pairOf(0), pairOf(1)];
  const operator = clients(at);
  let atHq = old.pem;
  let said = '';
  const current = () => versionsOf(at, APP_KEY)('AWSCURRENT')?.value;
  const inGithub = (pem: string | undefined) =>
    pem !== undefined && [...app.keys.values()].some((key) => key.equals(createPublicKey(pem)));
  const asked: (end: RunEnd) => Promise<void> = async ({ reasons, facts }) => {
    said = [...reasons.map(({ message }) => message), ...facts].join(' ');
    if (/^Make a new private key/.test(said) && !app.keys.has(made.fingerprint)) {
      app.keys.set(made.fingerprint, made.publicKey);
      await operator.secrets.send(
        new PutSecretValueCommand({
          SecretId: APP_KEY,
          SecretString: made.pem,
          VersionStages: ['TDPENDING'],
          ClientRequestToken: '3'.repeat(32),
        }),
      );
    }
    if (said.startsWith('Let external:hq take')) atHq = current() ?? '';
    const gone = /^Delete the private key SHA256:(\S+) on/.exec(said)?.[1];
    if (gone !== undefined) app.keys.delete(gone);
  };
  return {
    ...at,
    secrets: [old, made].flatMap(({ pem }) => [pem, ...pem.split('\n').slice(1, -2)]),
    pass: (milliseconds) => clock.advance(milliseconds),
    people: async (end, begun) => {
      if (end) await asked(end);
      const acknowledge = /`acknowledge: (\S+?)`/.exec(said)?.[1];
      return { ...(!begun && { wish: 'forced' }), ...(acknowledge !== undefined && { acknowledge }) };
    },
    run: async (world, given) => (await openedRun(world, appKey, ROTATOR, given)).go(),
    violations: () => [
      ...(inGithub(atHq) ? [] : ['hq has a key that GitHub does not know']),
      ...(inGithub(current()) ? [] : ['the key in escrow is one that GitHub does not know']),
    ],
    judgeEnd: () =>
      expected({
        'one key is left': app.keys.size === 1 && app.keys.has(made.fingerprint),
        'escrow has it': current() === made.pem,
        'hq has it': atHq === made.pem,
        'nothing waits': settled(at, APP_KEY),
        'what others own is as it was': ownedByOthers(at),
      }),
    close: at.close,
  };
}
