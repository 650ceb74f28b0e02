import { clearedGithubDeployKey, escrowArnOf } from '@tenant-delivery/aws/credentials/cleared-github-keys';
import { appKeyOf } from '@tenant-delivery/aws/credentials/cleared-iam-access-key';
import { frozenUntil } from '@tenant-delivery/credentials/freezes';
import { agreedGithubDeployKey } from '@tenant-delivery/credentials/github-deploy-key/agreed';
import { rotatableGithubDeployKey } from '@tenant-delivery/credentials/github-deploy-key/kind';
import { newSshKey, sshFingerprint } from '@tenant-delivery/credentials/github-deploy-key/ssh-key';
import { deployKeys, KEEPING_DEPLOY_KEYS } from '@tenant-delivery/github/keys/deploy-keys';
import { Secret } from '@tenant-delivery/rotation/secret';
import { consumersOf } from './consumers.ts';
import { clientAs } from './github-clients.ts';
import type { CredentialOpening } from './opening.ts';

/** A repository's keys are kept with a token of the App that may administer that one repository. */
export const opening: CredentialOpening<'github-deploy-key'> = {
  subject: ({ escrow }, { session }) => escrowArnOf(session, escrow),
  open: async (clearance, around) => {
    const { session, masks, environment, given, process } = around;
    const { credential } = clearance;
    const { repository } = credential;
    const { aws, time } = clearedGithubDeployKey(session, clearance, masks);
    const app = environment.githubApp;
    if (!app) throw new TypeError('a deploy key was admitted without an App');
    const by = { app, key: await appKeyOf(session, app, masks) };
    const wish = { repositories: [repository], permissions: KEEPING_DEPLOY_KEYS };
    const [github, consumers] = await Promise.all([
      clientAs(by, wish, around),
      consumersOf(credential.consumers, around, by, 'value'),
    ]);
    const policy = {
      ...agreedGithubDeployKey(credential),
      wish: given.wish,
      bootstrap: given.bootstrap === 'yes',
      adopt: given.adopt,
      closedUntil: frozenUntil(credential, session.clock.now()),
    };
    const newPair = (comment: string) => {
      const { publicKey, privateKey } = newSshKey(comment);
      return { id: publicKey, secret: Secret.born(privateKey, sshFingerprint(publicKey), masks) };
    };
    const world = { ...aws, repository, keys: deployKeys(github, repository), consumers, newPair };
    return { rotatable: rotatableGithubDeployKey(credential.id, world, policy, process), time };
  },
};
