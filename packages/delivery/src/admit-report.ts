import { judgePlace } from '@tenant-delivery/tenancy/admission';
import type { EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import { failures } from '@tenant-delivery/tenancy/failures';
import { joined, publishedContract } from './admit.ts';
import type { AdmissionWorld } from './world.ts';

/** What was agreed for an environment, for a job that may look at all of its credentials. */
export interface ReportAdmission {
  readonly contract: TenantContract;
  readonly environment: EnvironmentContract;
}

/** As `admitCredential`, for a report of all of them: only the provider's own repository sees who has which credential. */
export async function admitReport(world: AdmissionWorld, place: Environment): Promise<ReportAdmission> {
  const { identity, claims } = world;
  const { signed, seen, now } = await publishedContract(world, place);
  const asking = { ...claims, ...identity };
  const { environment, listed, breaches } = judgePlace(signed, place, asking, now, seen);
  const { contract } = signed;
  const customers =
    listed?.right === 'customer'
      ? [
          failures.credentialNotAgreed('A report of all credentials', [
            `only ${contract.operations.repository} may make one, and this is ${asking.repository}`,
          ]),
        ]
      : [];
  const all = [...breaches, ...customers];
  if (all.length > 0 || !environment) throw joined(all);
  return { contract, environment };
}
