import { formatImage } from '@tenant-delivery/domain';
import type { ImageRecord } from '@tenant-delivery/oci/image-record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { failures } from './failures.ts';
import { judgeProgress } from './judge-progress.ts';
import type { World } from './ports.ts';
import { untilSettled } from './until-settled.ts';

const LONGEST = 10 * 60_000; // milliseconds; a signature takes seconds

/**
 * Waits for the signatures that the registry makes by itself of what is pushed, and answers their profiles. An image that
 * is used again may be older than a rule; it is never signed by it, which only the contract's own profile makes a mistake.
 */
export async function awaitSignatures(
  { registry, clock, runner }: World,
  { names, environment }: Admission,
  { image, reused }: ImageRecord,
  profiles: readonly string[],
): Promise<readonly string[]> {
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
    signal: runner.cancelled,
    log: runner.info,
  });
  if (problems.length > 0) throw failures.signingUnfinished(formatImage(image), problems);
  if (wanted.length > 0) runner.info(`The registry has signed it with ${wanted.join(', ')}`);
  return wanted;
}
