import { MINUTE } from '@tenant-delivery/domain';
import type { ObservedConsumer, ObservedEscrow } from '@tenant-delivery/rotation/distribution/snapshot';
import { escrowVersion } from '@tenant-delivery/rotation/escrow-version';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { type Journal, readJournal } from '@tenant-delivery/rotation/journal';
import { MOST_CREATES } from '@tenant-delivery/rotation/policy';
import type { Reported } from '../credential-kind.ts';
import type { DeclaredConsumer } from '../report/declared-consumer.ts';
import type { JournalWord } from '../report/journal-word.ts';
import type { SeenSecret, SeenUser } from '../report/ports.ts';
import type { Look, Seen, Sighting } from '../report/sighting.ts';
import { type JournalOf, orUnknown, type ReportWorld, search, sightEach } from '../report/world.ts';
import { agreedIamAccessKey } from './agreed.ts';
import { type IamAccessKeyFact, readIamAccessKeyFact } from './facts.ts';
import { planIamAccessKey } from './plan.ts';
import type { AccessKey, LastUse } from './ports.ts';
import { type Progress, progressOf } from './progress.ts';
import { needlessOf } from './replacement.ts';
import type { ObservedKey, Snapshot } from './snapshot.ts';
import type { IamAccessKey } from './terms.ts';

type Credential = Reported<IamAccessKey>;
type Word = Exclude<JournalWord, { readonly kind: 'unknown' }>;

/** Users below the path of agreed ones, the keys of those that are agreed, and what the plan of their rotation says. */
export async function look(
  world: ReportWorld,
  credentials: readonly Credential[],
  journalOf: JournalOf,
): Promise<Look> {
  const listed = orUnknown(world, async () => {
    const users = await world.keys.users();
    return new Map(users.map((user) => [user.name, user]));
  });
  const agreed = new Set(credentials.map(({ user }) => user));
  const [sightings, strays] = await Promise.all([
    sightEach(world, credentials, async (credential) => {
      const users = await listed;
      if ('kind' in users) return users;
      const user = users.get(credential.user);
      if (!user) return { kind: 'missing', said: `IAM knows no user ${credential.user}.` };
      const word = await journalOf(credential.id);
      return word.kind === 'unknown' ? word : sight(world, credential, { user, word });
    }),
    search(world, 'users below td-rotatable/', async () => {
      const users = await listed;
      if ('kind' in users) throw new Error(users.why);
      const others = [...users.values()].filter(({ name }) => !agreed.has(name));
      return Promise.all(
        others.map(async ({ name }) => ({
          kind: 'iam-access-key',
          subject: `user ${name}`,
          said: 'A user is where keys rotate, and no credential of the contract is its own.',
          bornAt: undefined,
          tags: await world.keys.tagsOf(name),
        })),
      );
    }),
  ]);
  return { sightings, ...strays };
}

interface Around {
  readonly user: SeenUser;
  readonly word: Word;
}

async function sight(world: ReportWorld, credential: Credential, { user, word }: Around): Promise<Sighting> {
  const [listed, escrow, journal] = await Promise.all([
    world.keys.keysOf(credential.user),
    world.secrets.find(credential.escrow),
    word.kind === 'open' ? readJournal(world.vault, credential.id, readIamAccessKeyFact) : undefined,
  ]);
  if (listed.length === 0) return { kind: 'missing', said: `The user ${credential.user} has no access key.` };
  const progress = journal && progressOf(journal);
  const there = listed
    .map((key) => ({ ...key, fingerprint: fingerprintOf(world.account, key.id) }))
    .filter(({ fingerprint }) => !progress?.removed.has(fingerprint) && !isGhost(world, word, fingerprint));
  const bornAt =
    there.length === 0 ? undefined : Math.min(...usable(there).map(({ createdAt }) => createdAt));
  const { length } = there;
  const due = bornAt === undefined || world.time.now() >= bornAt + agreedIamAccessKey(credential).maxAge;
  // for one young, Active key its date is enough
  const asks = progress !== undefined || length > 1 || due || there.some(({ status }) => status !== 'Active');
  const keys = await Promise.all(
    there.map(
      async (key) => ({ ...key, lastUse: asks ? await world.keys.lastUse(key.id) : 'never' }) as const,
    ),
  );
  const seen: Seen = { kind: 'seen', bornAt, by: 'IAM', ...needless(credential, keys, asks) };
  const held = await heldBy(world, credential, { user, word, progress, journal, keys, escrow });
  return { ...seen, ...held };
}

/** IAM's lists may show for a moment what a rotation has just deleted. */
function isGhost({ time }: ReportWorld, word: Word, fingerprint: string): boolean {
  const just = word.kind === 'closed' && time.now() < word.lastAt + 5 * MINUTE;
  return just && word.fact['key'] !== fingerprint;
}

/** An Inactive key does not count, unless the user has no other. */
function usable<K extends AccessKey>(keys: readonly K[]): readonly K[] {
  const active = keys.filter(({ status }) => status === 'Active');
  return active.length > 0 ? active : keys;
}

function needless(
  credential: Credential,
  keys: readonly { readonly lastUse: LastUse }[],
  asked: boolean,
): Pick<Seen, 'needless'> {
  if (asked && keys.every(({ lastUse }) => lastUse === 'never'))
    return { needless: 'IAM knows of no use of it at all.' };
  const why = needlessOf(credential);
  return why === undefined ? {} : { needless: why };
}

interface Facts {
  readonly user: SeenUser;
  readonly word: Word;
  readonly progress: Progress | undefined;
  readonly journal: Journal<IamAccessKeyFact> | undefined;
  readonly keys: readonly ObservedKey[];
  readonly escrow: SeenSecret | undefined;
}

/**
 * What the plan of a rotation says of keys, escrow and journal, with consumers as the journal left them: a report asks
 * none of them, so what only they can say is left to the rotation.
 */
async function heldBy(
  world: ReportWorld,
  credential: Credential,
  facts: Facts,
): Promise<Pick<Seen, 'hold' | 'stray'>> {
  const { word, progress, keys, user } = facts;
  const generation = word.kind === 'none' ? 0 : word.generation;
  const journal = facts.journal ?? { credential: credential.id, generation, entries: [], head: null };
  const strangers = strangersOf(keys, progress);
  const known = progress ? undefined : currentOf(credential.id, facts);
  if (!progress && keys.length > 1 && known === undefined && facts.escrow)
    return {
      hold: {
        code: 'ROTATION_STRANGER',
        message: 'The user has two keys, and no rotation has one of them on record.',
        remedy:
          'Find out which of them is in escrow and who uses the other one, and let its owner delete that one.',
        facts: keys.map(({ fingerprint, status }) => `key ${fingerprint} is ${status}`),
      },
    };
  const seen: Snapshot = {
    caller: { account: world.account, arn: '' }, // a report rotates nothing
    user: { ...user, tags: {} },
    keys,
    escrow: escrowAsLeft(facts, known),
    consumers: credential.consumers.map((consumer) => consumerAsLeft(consumer, progress)),
    creations: Object.fromEntries(
      await Promise.all(
        strangers.map(async ({ id, fingerprint }) => [fingerprint, await world.keys.creation(id)] as const),
      ),
    ),
    uses: [],
  };
  const { next } = planIamAccessKey(
    seen,
    journal,
    agreedIamAccessKey(credential),
    world.time.now(),
    'report',
  );
  const reasons = next.kind === 'hold' ? [next.reason] : next.kind === 'refuse' ? next.reasons : [];
  const reason = reasons.find(({ code }) => !OF_CONSUMERS.includes(code));
  if (!reason) return {};
  if (reason.code === 'ROTATION_UNMANAGED') return { stray: reason };
  return { hold: { ...reason, facts: next.kind === 'hold' ? next.facts : [] } };
}

const OF_CONSUMERS: readonly string[] = ['ROTATION_CONSUMER', 'ROTATION_PROOF_FAILED'];

/** Keys that an open rotation neither found when it began nor made. */
function strangersOf(keys: readonly ObservedKey[], progress: Progress | undefined): readonly ObservedKey[] {
  if (!progress) return [];
  const { opened, created } = progress;
  return keys.filter(
    ({ fingerprint }) => !opened.before.includes(fingerprint) && fingerprint !== created?.key,
  );
}

/** The fingerprint of the key in use, by what our last rotation wrote, or because there is no other. */
function currentOf(id: string, { word, keys, escrow }: Facts): string | undefined {
  const current = escrow && labelledIn(escrow, 'AWSCURRENT');
  if (word.kind === 'closed' && typeof word.fact['key'] === 'string') {
    const attempts = Array.from({ length: MOST_CREATES }, (_, n) => escrowVersion(id, word.generation, n));
    if (current !== undefined && attempts.includes(current)) return word.fact['key'];
  }
  return keys.length === 1 ? keys[0]?.fingerprint : undefined;
}

/** Escrow's labels, with the keys that the journal says to be under them: no report reads a value. */
function escrowAsLeft({ escrow, progress }: Facts, known: string | undefined): ObservedEscrow {
  if (!escrow) return { kind: 'absent' };
  if (escrow.deletedAt !== undefined) return { kind: 'unusable', why: 'is scheduled for deletion' };
  const current = labelledIn(escrow, 'AWSCURRENT');
  const { created, opened } = progress ?? {};
  const key = current === created?.version ? created?.key : (known ?? opened?.old ?? undefined);
  const version = current === undefined ? undefined : { version: current, key };
  return {
    kind: 'usable',
    current: version,
    versions: version ? [version] : [],
    pending: labelledIn(escrow, 'TDPENDING'),
  };
}

function labelledIn({ versions }: SeenSecret, label: string): string | undefined {
  return Object.entries(versions).find(([, labels]) => labels.includes(label))?.[0];
}

function consumerAsLeft(
  { id, switching, cadence }: DeclaredConsumer,
  progress: Progress | undefined,
): ObservedConsumer {
  const { attested, pointedAt, staged } = progress?.consumers.get(id) ?? {};
  return {
    id,
    switching,
    cadence,
    obstacles: [],
    current: pointedAt === undefined ? undefined : staged?.place,
    idle: staged?.place ?? '',
    written: attested ? { [attested.place]: attested.mark } : {},
    proofs: {},
    holders: { count: 0, examples: [] },
  };
}
