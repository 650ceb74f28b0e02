import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import { TenantContract } from '@tenant-delivery/tenancy/contract';
import { readYaml } from '@tenant-delivery/tenancy/read-yaml';
import { failures } from './failures.ts';
import type { ExamineInputs } from './inputs.ts';

/**
 * The whole contract, from the file that people review. What is published may be older, and names one environment alone: the
 * report compares it with this one.
 */
export async function agreedContract(workspace: Workspace, given: ExamineInputs): Promise<TenantContract> {
  const { tenant, environment, account, region } = given;
  const file = given.contract ?? `tenants/${tenant}.yaml`;
  const found = await workspace.read(file);
  if (found.kind === 'none') throw failures.contractInvalid(file, [`it ${found.why} in the workspace`]);
  const read = readYaml(found.text, TenantContract);
  if (!('document' in read)) throw failures.contractInvalid(file, read.mistakes);
  const { document: contract } = read;
  const its = contract.environments[environment];
  const said = `${contract.id}/${its ? environment : Object.keys(contract.environments).join(',')} in ${contract.account}, ${its?.region ?? 'no such environment'}`;
  const wanted = `${tenant}/${environment} in ${account}, ${region}`;
  if (said !== wanted) throw failures.contractForeign(file, said, wanted);
  return contract;
}
