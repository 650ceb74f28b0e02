import { registryClient } from '@tenant-delivery/oci/registry/client';
import type { ImageRegistry } from '@tenant-delivery/oci/registry/port';
import { type Clearance, requireClearance } from '@tenant-delivery/tenancy/clearance';
import { objectIn, objectsIn, textIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ECR } from './ecr-service.ts';
import { ecrProgress } from './progress.ts';
import { ecrSettings } from './settings.ts';

/** The images of one account and region in Amazon ECR, as the build role sees them. */
export function ecrRegistry(
  session: Session,
  mask: (secret: string) => void,
): ImageRegistry<Clearance<'repository'>, Clearance<'new-repository'>> {
  const call = jsonCaller(ECR, session.clientConfig('build'));
  const { makeRepository, ...rules } = ecrSettings(session);
  return {
    ...rules,
    ...ecrProgress(session),
    async create(clearance, encryption) {
      requireClearance(clearance, session.clock.now());
      const { tenant, environment } = clearance.target;
      await makeRepository(clearance.names.repository, encryption, `${tenant}/${environment}`);
    },
    async describe(name) {
      const answer = await translated(
        'ecr:DescribeRepositories',
        call('DescribeRepositories', { registryId: session.target.account, repositoryNames: [name] }),
        ['RepositoryNotFoundException'],
      );
      if (answer === 'RepositoryNotFoundException') return 'absent';
      const found = required(objectsIn(answer, 'repositories')?.[0], `the repository ${name}`);
      const encryption = required(objectIn(found, 'encryptionConfiguration'), `the encryption of ${name}`);
      return {
        arn: required(textIn(found, 'repositoryArn'), `the ARN of ${name}`),
        registryId: required(textIn(found, 'registryId'), `the registry id of ${name}`),
        uri: required(textIn(found, 'repositoryUri'), `the address of ${name}`),
        tagMutability: required(textIn(found, 'imageTagMutability'), `the tag mutability of ${name}`),
        exclusions: (objectsIn(found, 'imageTagMutabilityExclusionFilters') ?? []).map((row) =>
          required(textIn(row, 'filter'), `an exclusion filter of ${name}`),
        ),
        encryption: required(textIn(encryption, 'encryptionType'), `the type of encryption of ${name}`),
        key: textIn(encryption, 'kmsKey'),
      };
    },
    async connect(clearance) {
      requireClearance(clearance, session.clock.now());
      const answer = await translated('ecr:GetAuthorizationToken', call('GetAuthorizationToken', {}));
      const given = required(
        objectsIn(answer, 'authorizationData')?.[0],
        'ecr:GetAuthorizationToken authorizationData',
      );
      const token = required(textIn(given, 'authorizationToken'), 'authorizationData.authorizationToken');
      mask(token);
      const [username = '', password = ''] = Buffer.from(token, 'base64').toString().split(':');
      mask(password);
      const url = required(textIn(given, 'proxyEndpoint'), 'authorizationData.proxyEndpoint');
      const credentials = { username, password };
      return {
        writer: registryClient({ url, credentials, fetch, clock: session.clock }),
        login: { host: new URL(url).host, ...credentials },
      };
    },
  };
}
