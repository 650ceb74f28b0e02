import { registryClient } from '@tenant-delivery/oci/registry/client';
import type {
  ImageRegistry,
  RegistryLogin,
  RegistryWriter,
  RepositoryFacts,
} from '@tenant-delivery/oci/registry/port';
import { type Clearance, requireClearance } from '@tenant-delivery/tenancy/clearance';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { type Ecr, ecrClient } from './ecr-client.ts';
import { ecrProgress } from './progress.ts';
import { ecrSettings } from './settings.ts';

/** The images of one account and region in Amazon ECR, as the build role sees them. */
export function ecrRegistry(
  session: Session,
  mask: (secret: string) => void,
  chunked?: (chunks: number) => void,
): ImageRegistry<Clearance<'repository'>, Clearance<'new-repository'>> {
  const ecr = ecrClient(session.clientConfig('build'));
  const login = registryLogin(session, mask, chunked);
  const { makeRepository, ...rules } = ecrSettings(session);
  return {
    ...rules,
    ...ecrProgress(session),
    async create(clearance, encryption) {
      requireClearance(clearance, session.clock.now());
      const { tenant, environment } = clearance.target;
      await makeRepository(clearance.names.repository, encryption, `${tenant}/${environment}`);
    },
    describe: (name) => describeRepository(ecr, session.target.account, name),
    async connect(clearance) {
      requireClearance(clearance, session.clock.now());
      return login();
    },
  };
}

/** The settings of a repository, by its name. */
export async function describeRepository(
  ecr: Ecr,
  account: string,
  name: string,
): Promise<RepositoryFacts | 'absent'> {
  const asked = { registryId: account, repositoryNames: [name] };
  const answer = await translated(
    'ecr:DescribeRepositories',
    ecr.send((sdk) => new sdk.DescribeRepositoriesCommand(asked)),
    ['RepositoryNotFoundException'],
  );
  if (answer === 'RepositoryNotFoundException') return 'absent';
  const found = required(answer.repositories?.[0], `the repository ${name}`);
  const encryption = required(found.encryptionConfiguration, `the encryption of ${name}`);
  return {
    arn: required(found.repositoryArn, `the ARN of ${name}`),
    registryId: required(found.registryId, `the registry id of ${name}`),
    uri: required(found.repositoryUri, `the address of ${name}`),
    tagMutability: required(found.imageTagMutability, `the tag mutability of ${name}`),
    exclusions: (found.imageTagMutabilityExclusionFilters ?? []).map(({ filter }) =>
      required(filter, `an exclusion filter of ${name}`),
    ),
    encryption: required(encryption.encryptionType, `the type of encryption of ${name}`),
    key: encryption.kmsKey,
  };
}

/** Logs in to the registry of the credentials. The password is masked before anybody can have it. */
export function registryLogin(
  session: Pick<Session, 'clientConfig' | 'clock'>,
  mask: (secret: string) => void,
  chunked?: (chunks: number) => void,
): () => Promise<{ readonly writer: RegistryWriter; readonly login: RegistryLogin }> {
  const ecr = ecrClient(session.clientConfig('build'));
  return async () => {
    const sent = ecr.send((sdk) => new sdk.GetAuthorizationTokenCommand({}));
    const { authorizationData } = await translated('ecr:GetAuthorizationToken', sent);
    const given = required(authorizationData?.[0], 'ecr:GetAuthorizationToken authorizationData');
    const token = required(given.authorizationToken, 'authorizationData.authorizationToken');
    mask(token);
    const [username = '', password = ''] = Buffer.from(token, 'base64').toString().split(':');
    mask(password);
    const url = required(given.proxyEndpoint, 'authorizationData.proxyEndpoint');
    const credentials = { username, password };
    return {
      writer: registryClient({ url, credentials, fetch, clock: session.clock, ...(chunked && { chunked }) }),
      login: { host: new URL(url).host, ...credentials },
    };
  };
}
