import type { UserKeys } from '@tenant-delivery/credentials/report/ports';
import { textOf } from '../by-hand/signed-call.ts';
import { keyTrail } from '../cloudtrail/key-trail.ts';
import { required } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';
import { everyMember, iamCaller, keysOf, lastUseOf, tagsIn } from './key-reads.ts';

/** Where the users are whose keys rotate. */
const PATH = '/td-rotatable/';

/** The users whose keys rotate, and what IAM and CloudTrail say of each. Changes nothing. */
export function userKeys(config: ReturnType<typeof clientConfig>): UserKeys {
  const ask = iamCaller(config);
  const trail = keyTrail(config, [config.region]);
  let made: ReturnType<typeof trail.creations> | undefined;
  return {
    users: async () =>
      (await everyMember(ask, 'ListUsers', { PathPrefix: PATH, MaxItems: '1000' }, 'Users')).map((user) => ({
        name: `${required(textOf(user, 'Path'), 'User.Path').slice(1)}${required(textOf(user, 'UserName'), 'User.UserName')}`,
        arn: required(textOf(user, 'Arn'), 'User.Arn'),
      })),
    tagsOf: async (user) => tagsIn(await everyMember(ask, 'ListUserTags', { UserName: bare(user) }, 'Tags')),
    keysOf: (user) => keysOf(ask, bare(user)),
    lastUse: (id) => lastUseOf(ask, id),
    creation: async (id) => {
      made ??= trail.creations(); // two requests a second are allowed: one answer is for all keys
      return (await made).get(id);
    },
  };
}

function bare(user: string): string {
  return user.slice(user.lastIndexOf('/') + 1);
}
