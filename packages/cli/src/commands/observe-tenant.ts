import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { observeEnvironment } from '@tenant-delivery/aws/draft/observe-environment';
import { ambientConfig } from '@tenant-delivery/aws/session/ambient-config';
import { ENVIRONMENT, REGION, TENANT } from '@tenant-delivery/domain';
import { draftContract } from '@tenant-delivery/provisioning/draft/draft-contract';
import { Document } from 'yaml';
import type { Io } from '../io.ts';
import { explain, UsageError } from './usage-error.ts';

const USAGE = `Usage: tenant-delivery observe-tenant --tenant ID --environment NAME --region REGION --cluster NAME --out FILE [--profile NAME]

Drafts a contract from an environment that exists. It changes nothing in the account. What it could not see is marked in the
file and listed: write it, then have \`tenant-delivery contract lint\` judge the file.`;

/** `observe-tenant`: a contract as far as an account shows one. */
export async function observeTenant(args: readonly string[], io: Io): Promise<number> {
  return explain(args, io, USAGE, async () => {
    const text = { type: 'string' } as const;
    const options = {
      tenant: text,
      environment: text,
      region: text,
      cluster: text,
      out: text,
      profile: text,
    };
    const { values } = parseArgs({ args: [...args], options });
    const { tenant = '', environment = '', region = '', cluster = '', out = '' } = values;
    if (!TENANT.test(tenant) || !ENVIRONMENT.test(environment) || !REGION.test(region) || !cluster || !out)
      throw new UsageError('Give --tenant, --environment, --region, --cluster and --out.');
    const wanted = { tenant, environment, region, cluster };
    const { contract, unseen } = draftContract(
      wanted,
      await observeEnvironment(ambientConfig(region, values.profile), wanted),
    );
    const open = Object.entries(unseen);
    await writeFile(resolve(io.cwd, out), written(contract, open), { flag: 'wx' }).catch((cause: unknown) => {
      if (Object(cause).code !== 'EEXIST') throw cause;
      throw new UsageError(`${out} is there already; name another file.`);
    });
    io.out(`${out}: a draft of the contract of ${tenant}, from its environment ${environment}.`);
    io.out(
      `${open.length} parts could not be seen. Write them, then run tenant-delivery contract lint ${out}:`,
    );
    for (const [place, why] of open) io.out(`  ${place}: ${why}`);
    return 0;
  });
}

/** The draft, with a comment at each part that somebody must write. */
function written(contract: object, open: readonly (readonly [string, string])[]): string {
  const document = new Document(contract);
  document.commentBefore = ' A draft from what is there. Parts with "not seen" are for a person to write.';
  for (const [place, why] of open) {
    const node = document.getIn(place.split('.'), true);
    if (typeof node === 'object' && node !== null) Reflect.set(node, 'comment', ` not seen: ${why}`);
  }
  return document.toString({ lineWidth: 120 });
}
