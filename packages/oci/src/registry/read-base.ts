import { Failure } from '@tenant-delivery/action-kit/failure';
import { failures } from '../failures.ts';
import type { RegistryManifest, RegistryReader } from './port.ts';

/** What a base image's name stands for now. If it cannot be read, BASE_IMAGE_UNAVAILABLE says what is not there. */
export async function readBase(
  registry: RegistryReader,
  repository: string,
  version: string,
): Promise<RegistryManifest> {
  const named = `${registry.host}/${repository}${version.includes(':') ? '@' : ':'}${version}`;
  const found = await registry.readManifest(repository, version).catch((thrown: unknown) => {
    if (!(thrown instanceof Failure)) throw thrown;
    if (thrown.remedy === failures.registryWithoutRepository.remedy)
      throw failures.baseImageUnavailable(named, `the registry has no repository ${repository}`);
    if (thrown.remedy === failures.registryForbids.remedy)
      throw failures.baseImageForbidden(named, repository, thrown.message);
    throw thrown;
  });
  if (found === 'absent')
    throw failures.baseImageUnavailable(
      named,
      `the repository ${repository} is there, but has no image ${version}`,
    );
  return found;
}
