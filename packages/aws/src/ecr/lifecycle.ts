import type { Role } from '@tenant-delivery/domain';
import type { Lifecycle } from '@tenant-delivery/findings/ports';
import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ecrClient } from './ecr-client.ts';

/** The lifecycle policies of the registry in the session's account and region. */
export function ecrLifecycle(
  session: Pick<Session, 'clientConfig'> & { readonly target: Pick<Session['target'], 'account'> },
  role: Role,
): Lifecycle {
  const ecr = ecrClient(session.clientConfig(role));
  const registryId = session.target.account;
  return {
    async policy(repositoryName) {
      const answer = await translated(
        'ecr:GetLifecyclePolicy',
        ecr.send((sdk) => new sdk.GetLifecyclePolicyCommand({ registryId, repositoryName })),
        ['LifecyclePolicyNotFoundException'],
      );
      if (answer === 'LifecyclePolicyNotFoundException') return undefined;
      return required(answer.lifecyclePolicyText, 'lifecyclePolicyText');
    },
    async images(repositoryName) {
      const pages = ecr.pages((sdk, client) =>
        sdk.paginateDescribeImages({ client, pageSize: 1000 }, { registryId, repositoryName }),
      );
      const found = await everyRow('ecr:DescribeImages', pages, 'imageDetails');
      return found
        .filter(({ imageStatus = 'ACTIVE' }) => imageStatus === 'ACTIVE')
        .map((image) => ({
          digest: required(image.imageDigest, 'imageDetails[].imageDigest'),
          tags: image.imageTags ?? [],
          pushedAt: required(image.imagePushedAt, 'imageDetails[].imagePushedAt').getTime(),
          pulledAt: image.lastRecordedPullTime?.getTime(),
        }));
    },
  };
}
