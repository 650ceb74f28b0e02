import { isOwnRegistry, parseImage } from '@tenant-delivery/domain';
import type { StoredImage } from '@tenant-delivery/isolation/checks/image';
import type { Seen } from '@tenant-delivery/isolation/observed';
import type { PreflightWorld } from '../deploy-world.ts';
import type { SeenReader } from './seen-reader.ts';
import type { PreflightSubject } from './subject.ts';

type ObservedImage = Seen<StoredImage | 'absent'>;

/**
 * Looks once at each image that this deploy may look at: by digest, in the service's own repository. Others came with
 * the service, and their repositories are not this role's to read.
 */
export function observeImages(reader: SeenReader, { ref, agreed, known }: PreflightSubject, local: boolean) {
  const told = [...(known?.images ?? [])].map(
    ([image, value]) => [image, Promise.resolve<ObservedImage>({ kind: 'seen', value })] as const,
  );
  const asked = new Map<string, Promise<ObservedImage>>(told);
  return async (text: string): Promise<ObservedImage | 'elsewhere'> => {
    const image = parseImage(text);
    const [host = '', ...path] = image?.repositoryUri.split('/') ?? [];
    const repository = path.join('/');
    if (!image || !isOwnRegistry(host, ref.target, local) || (agreed && agreed.repository !== repository)) {
      return 'elsewhere';
    }
    const answer = asked.get(text) ?? reader.image(repository, image.digest);
    asked.set(text, answer);
    return answer;
  };
}

/**
 * An image of one platform names it in its configuration alone. Under a contract the image's record has it, and is judged;
 * without one the configuration is read, and where that cannot be, the log says so.
 */
export async function withPlatform(
  reader: SeenReader,
  { runner }: Pick<PreflightWorld, 'runner'>,
  { agreed }: PreflightSubject,
  { text, stored }: { readonly text: string; readonly stored: ObservedImage | 'elsewhere' },
): Promise<ObservedImage | 'elsewhere'> {
  if (agreed || stored === 'elsewhere' || stored.kind === 'unseen' || stored.value === 'absent')
    return stored;
  const [only, ...others] = stored.value.children;
  const image = parseImage(text);
  if (!image || !only || others.length > 0 || only.platform.includes('/')) return stored;
  const repository = image.repositoryUri.split('/').slice(1).join('/');
  const seen = await reader.platform(repository, image.digest);
  if (seen.kind === 'seen')
    return { kind: 'seen', value: { ...stored.value, children: [{ ...only, platform: seen.value }] } };
  runner.info(`Which platform ${text} is for is not seen: ${seen.why}`);
  return stored;
}
