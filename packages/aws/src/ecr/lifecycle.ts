import type { Role } from '@tenant-delivery/domain';
import type { AgeingImage, Lifecycle } from '@tenant-delivery/findings/ports';
import { objectsIn, textIn, timeIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ECR } from './ecr-service.ts';

/** The lifecycle policies of the registry in the session's account and region. */
export function ecrLifecycle(
  session: Pick<Session, 'clientConfig'> & { readonly target: Pick<Session['target'], 'account'> },
  role: Role,
): Lifecycle {
  const call = jsonCaller(ECR, session.clientConfig(role));
  const registryId = session.target.account;
  return {
    async policy(repositoryName) {
      const answer = await translated(
        'ecr:GetLifecyclePolicy',
        call('GetLifecyclePolicy', { registryId, repositoryName }),
        ['LifecyclePolicyNotFoundException'],
      );
      if (answer === 'LifecyclePolicyNotFoundException') return undefined;
      return required(textIn(answer, 'lifecyclePolicyText'), 'lifecyclePolicyText');
    },
    async images(repositoryName) {
      const found: AgeingImage[] = [];
      for (let nextToken: string | undefined; ; ) {
        const asked = { registryId, repositoryName, maxResults: 1000, ...(nextToken && { nextToken }) };
        const page = await translated('ecr:DescribeImages', call('DescribeImages', asked));
        for (const image of required(objectsIn(page, 'imageDetails'), 'imageDetails')) {
          if ((textIn(image, 'imageStatus') ?? 'ACTIVE') !== 'ACTIVE') continue;
          const { imageTags: tags = [] } = image as { readonly imageTags?: readonly string[] }; // "ImageDetail"
          found.push({
            digest: required(textIn(image, 'imageDigest'), 'imageDetails[].imageDigest'),
            tags,
            pushedAt: required(timeIn(image, 'imagePushedAt'), 'imageDetails[].imagePushedAt'),
            pulledAt: timeIn(image, 'lastRecordedPullTime'),
          });
        }
        nextToken = textIn(page, 'nextToken');
        if (!nextToken) return found;
      }
    },
  };
}
