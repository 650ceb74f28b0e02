import { formatImage } from '@tenant-delivery/domain';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import { failures } from './failures.ts';
import type { Job } from './job.ts';
import { judgeProgress } from './judge-progress.ts';
import { untilSettled } from './until-settled.ts';

const LONGEST = 10 * 60_000; // milliseconds; a signature takes seconds

/**
 * Waits for the signatures that the registry makes by itself of what is pushed, and answers their profiles. An image that
 * is used again may be older than a rule; it is never signed by it, which only the contract's own profile makes a mistake.
 */
export async function awaitSignatures(
  { world, admission, repository }: Job,
  { image, reused }: ImageRecord,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { registry, clock, runner } = world;
  const { names, environment } = admission;
  const profiles = repository.signedWith;
  if (profiles.length === 0) return [];
  const ask = () => registry.signatures(names.repository, image.digest);
  const listed = reused ? (await ask()).map(({ of }) => of) : profiles;
  const wanted = profiles.filter(
    (profile) => listed.includes(profile) || profile === environment.registry?.signingProfile,
  );
  const older = profiles.filter((profile) => !wanted.includes(profile));
  if (older.length > 0)
    runner.info(
      `It was pushed before the registry signed with ${older.join(', ')}, and is not signed with it`,
    );
  const problems = await untilSettled(async () => judgeProgress('signature with', wanted, await ask()), {
    clock,
    deadline: clock.now() + LONGEST,
    signal,
    log: runner.info,
  });
  if (problems.length > 0) throw failures.signingUnfinished(formatImage(image), problems);
  if (wanted.length > 0) runner.info(`The registry has signed it with ${wanted.join(', ')}`);
  return wanted;
}
