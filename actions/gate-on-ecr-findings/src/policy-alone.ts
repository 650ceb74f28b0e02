import { describeMistake } from '@tenant-delivery/action-kit/document';
import type { EffectivePolicy } from '@tenant-delivery/findings/effective-policy';
import { policyAlone, ScanPolicyFile } from '@tenant-delivery/findings/policy-file';
import { failures as tenancyFailures } from '@tenant-delivery/tenancy/failures';
import { ownWaivers } from '@tenant-delivery/tenancy/own-waivers';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import * as v from 'valibot';
import { failures } from './failures.ts';
import type { AloneWorld } from './gate-world.ts';
import { type AloneInputs, POLICY } from './inputs.ts';

const authored = v.object({ pull_request: v.object({ user: v.object({ login: v.string() }) }) });

/**
 * The policy in the file. In a pull request the base branch's policy judges. The pull request's own is only checked: it must
 * have no mistakes and no waiver that its author approved. It counts once it is merged.
 */
export async function readPolicy(
  { policy: path = POLICY, 'base-policy': base }: Pick<AloneInputs, 'policy' | 'base-policy'>,
  world: Pick<AloneWorld, 'runner' | 'workspace'>,
): Promise<EffectivePolicy> {
  const { runner } = world;
  const proposed = await policyAt(path, world);
  if (!runner.context.eventName.startsWith('pull_request')) return proposed;
  const inForce = await policyAt(base ?? path, world);
  const author = v.safeParse(authored, runner.context.event);
  const own = author.success
    ? ownWaivers(
        { scanRules: inForce.rules },
        { scanRules: proposed.rules },
        author.output.pull_request.user.login,
      )
    : [];
  if (own.length > 0) throw tenancyFailures.scanPolicyInvalid(path, own.map(described));
  if (JSON.stringify(proposed) !== JSON.stringify(inForce))
    runner.info(`${path} is changed here; what judges is ${base}, and the change counts once it is merged`);
  return inForce;
}

async function policyAt(
  path: string,
  { workspace }: Pick<AloneWorld, 'workspace'>,
): Promise<EffectivePolicy> {
  const reading = await workspace.read(path);
  if (reading.kind === 'none') throw failures.scanPolicyNotFound(path, reading.why);
  const read = readYaml(reading.text, ScanPolicyFile);
  if ('mistakes' in read) throw tenancyFailures.scanPolicyInvalid(path, read.mistakes);
  const { policy, mistakes } = policyAlone(read.document);
  if (mistakes.length > 0) throw tenancyFailures.scanPolicyInvalid(path, mistakes.map(describeMistake));
  return policy;
}

/** `waivers.0.approvedBy`: in its own file the policy is at the top level. */
function described({ path, problem }: Parameters<typeof describeMistake>[0]): string {
  return describeMistake({ path: path.replace(/^scan\./, ''), problem });
}
