import type { UserKeys } from '@tenant-delivery/credentials/report/ports';
import { keyTrail } from '../cloudtrail/key-trail.ts';
import { required } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { everyIamRow, iamClient } from './iam-client.ts';
import { keysOf, lastUseOf, tagsIn } from './key-reads.ts';

/** The path of users whose keys rotate. */
const PATH = '/td-rotatable/';

/** The users whose keys rotate, and what IAM and CloudTrail say of each. Changes nothing. */
export function userKeys(config: ClientConfig): UserKeys {
  const iam = iamClient(config);
  const trail = keyTrail(config, [config.region]);
  let made: ReturnType<typeof trail.creations> | undefined;
  return {
    users: async () => {
      const pages = iam.pages((sdk, client) =>
        sdk.paginateListUsers({ client, pageSize: 1000 }, { PathPrefix: PATH }),
      );
      return (await everyIamRow('iam:ListUsers', pages, 'Users')).map((user) => ({
        name: `${required(user.Path, 'User.Path').slice(1)}${required(user.UserName, 'User.UserName')}`,
        arn: required(user.Arn, 'User.Arn'),
      }));
    },
    tagsOf: async (user) => {
      const pages = iam.pages((sdk, client) =>
        sdk.paginateListUserTags({ client }, { UserName: bare(user) }),
      );
      return tagsIn(await everyIamRow('iam:ListUserTags', pages, 'Tags'));
    },
    keysOf: (user) => keysOf(iam, bare(user)),
    lastUse: (id) => lastUseOf(iam, id),
    creation: async (id) => {
      made ??= trail.creations(); // asked once for all keys: CloudTrail allows two requests a second
      return (await made).get(id);
    },
  };
}

function bare(user: string): string {
  return user.slice(user.lastIndexOf('/') + 1);
}
