import { s3Vault } from '@tenant-delivery/aws/s3/vault';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import type { ReportedCredential } from '@tenant-delivery/credentials/report/credentials';
import { DAY } from '@tenant-delivery/domain';
import { append, type Journal } from '@tenant-delivery/rotation/journal';
import type { Vault } from '@tenant-delivery/vault/ports';

export interface Store {
  readonly url: string;
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
  readonly bucket: string;
  readonly account: string;
}

const AT_ONCE = 20;

/** Writes a generation for each: one in seven of access keys is open with two dozen entries, all others are closed. */
export async function seedJournals(
  store: Store,
  agreed: readonly ReportedCredential[],
  /** Fingerprints of the access keys that there are, by credential. */
  keys: ReadonlyMap<string, string>,
): Promise<void> {
  process.env['AWS_ENDPOINT_URL'] = store.url;
  const vault = vaultOf(store);
  const left = agreed.map((credential, index) => ({
    credential,
    old: keys.get(credential.id) ?? null,
    open: credential.kind === 'iam-access-key' && index % 7 === 0,
  }));
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = left.shift(); next; next = left.shift()) await seedJournal(vault, next);
    }),
  );
}

function vaultOf({ key, region, bucket, account }: Store): Vault {
  const credentials = async () => ({ ...key, sessionToken: '', expiration: new Date('2099-01-01') });
  const config = clientConfig({ region, local: true, scale: 1, userAgent: 'bench' }, credentials);
  return s3Vault(config, bucket, account);
}

interface Given {
  readonly credential: ReportedCredential;
  readonly old: string | null;
  readonly open: boolean;
}

async function seedJournal(vault: Vault, { credential, old, open }: Given): Promise<void> {
  const user =
    credential.kind === 'iam-access-key' ? `arn:aws:iam::000011112222:user/${credential.user}` : '';
  const opened = { kind: 'opened', reason: 'due', account: '000011112222', user, before: [old ?? ''], old };
  const proved = { kind: 'proved', version: 'v', key: 'k', arn: user };
  const facts = [
    { ...opened, consumers: credential.consumers.map(({ id }) => id), maxAgeDays: 60 },
    ...Array.from({ length: open ? 24 : 4 }, () => proved),
    ...(open ? [] : [{ kind: 'closed', key: 'k', deviations: [] }]),
  ];
  const by = { run: '1', attempt: 1, actor: 'bench', commit: '0', process: 'bench' };
  let journal: Journal<{ readonly kind: string }> = {
    credential: credential.id,
    generation: 0,
    entries: [],
    head: null,
  };
  for (const fact of facts) {
    const written = await append(vault, journal, { at: Date.now() - 9 * DAY, by, fact });
    if (written === 'raced') throw new Error('nobody else writes here');
    journal = written;
  }
}
