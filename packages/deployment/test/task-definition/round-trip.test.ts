import { expect, test } from '@jest/globals';
import type { Json } from '@tenant-delivery/domain';
import fc from 'fast-check';
import type { TaskDefinitionDocument } from '../../src/observed.ts';
import { NOTHING_ASKED } from '../../src/plan/nothing-asked.ts';
import { wantedTaskDefinition } from '../../src/plan/wanted-task-definition.ts';
import { canonicalTaskDefinition, sameTaskDefinition } from '../../src/task-definition/canonical.ts';
import { diffTaskDefinitions } from '../../src/task-definition/diff.ts';
import { READ_ONLY_MEMBERS } from '../../src/task-definition/read-only-members.ts';
import { isObject } from '../../src/task-definition/task-definition.ts';
import { oneOfEach, registrations } from './sdk-documents.ts';

const ARN = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:7';
const EACH = oneOfEach();

/** What a request that asks for nothing sends, for a service that runs this. */
function sent(document: TaskDefinitionDocument, more: Partial<typeof NOTHING_ASKED> = {}) {
  const family = String(document['family']);
  const current = { arn: ARN, family, active: true, document, tags: [] };
  const facts = { current, account: '000011112222', partition: 'aws' };
  const result = wantedTaskDefinition({ ...NOTHING_ASKED, ...more }, facts);
  if ('mistakes' in result) throw new Error(JSON.stringify(result.mistakes));
  return result.wanted;
}

/** The rule of what is sent, told a second time and by another way: JSON's own reviver. */
function withoutNulls(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (_, member: Json) =>
    member === null ? undefined : member,
  ) as Json; // JSON in, JSON out
}

test('knows the shape well enough to be worth something', () => {
  expect(EACH.length).toBeGreaterThan(250);
});

test.each(['running', 'document'])(
  'every member of the SDK, alone, is sent as it was described: %s',
  (kind) => {
    for (const [path, value] of EACH) {
      const document = { ...(value as TaskDefinitionDocument), family: 'f' }; // of the shape RegisterTaskDefinitionRequest
      if (path.startsWith('.family') || path.startsWith('.tags')) continue; // a name of its own, a list of its own
      const source =
        kind === 'running' ? ({ kind } as const) : ({ kind: 'document', file: 'f.json', document } as const);
      const allowUnknown = [path.slice(1).replace(/=.*$/, '').replaceAll('[]', '')]; // `x` is no value of an enum
      const wanted = sent(document, { source, allowUnknown });
      expect([path, wanted.document, wanted.revision]).toEqual([path, document, ARN]);
    }
  },
);

const texts = fc.oneof(fc.constant(''), fc.string({ maxLength: 4 }));

test('whatever is described is sent, nulls and read-only members apart, and is the same', () => {
  const readOnly = fc.dictionary(fc.constantFrom(...READ_ONLY_MEMBERS), fc.anything(), { maxKeys: 3 });
  fc.assert(
    fc.property(registrations({ text: texts, nulls: 8 }), readOnly, ({ tags: _, ...registered }, said) => {
      const described = { ...registered, ...(said as TaskDefinitionDocument) }; // left out unread
      const { document, revision } = sent(described);
      expect(document).toEqual(withoutNulls(registered));
      expect(revision).toBe(ARN);
      expect(canonicalTaskDefinition(document)).toBe(canonicalTaskDefinition(described));
      expect(diffTaskDefinitions(described, document)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

/** The document with each of its values changed in turn: a text by a letter, a number, a boolean turned, an empty text left out. */
function* changedOnce(value: Json): Generator<Json> {
  if (typeof value === 'string') yield `${value}x`;
  else if (typeof value === 'number') yield value + 100;
  else if (typeof value === 'boolean') yield !value;
  else if (Array.isArray(value)) {
    for (const [at, entry] of value.entries())
      for (const changed of changedOnce(entry as Json)) yield value.with(at, changed);
  } else if (value !== null) {
    for (const [name, member] of Object.entries(value)) {
      for (const changed of changedOnce(member)) yield { ...value, [name]: changed };
      if (member === '') yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
    }
  }
}

test('no value is so deep that a change of it is taken for the same, or not shown', () => {
  for (const [path, value] of EACH) {
    const document = value as TaskDefinitionDocument; // of the shape RegisterTaskDefinitionRequest
    for (const changed of changedOnce(document) as Iterable<TaskDefinitionDocument>) {
      expect([path, sameTaskDefinition(document, changed)]).toEqual([path, false]);
      expect([path, diffTaskDefinitions(document, changed).length > 0]).toEqual([path, true]);
    }
  }
});

test('a text that may be secret is never shown, wherever the SDK has a place for it', () => {
  const secret = fc.constantFrom('s3cr3t-one', 's3cr3t-two');
  const holding = registrations({ text: fc.constant('x') }).chain((shape) =>
    secret.map((text) => filled(shape, text)),
  );
  fc.assert(
    fc.property(holding, holding, fc.boolean(), (was, is, whole) => {
      const changes = diffTaskDefinitions(whole ? {} : was, is);
      expect(JSON.stringify(changes)).not.toContain('s3cr3t');
    }),
    { numRuns: 60 },
  );
});

/** Every place that may hold a secret value, told by names alone: maps, commands, values of pairs, hosts, what is new. */
function filled(object: TaskDefinitionDocument, secret: string): TaskDefinitionDocument {
  const places: Readonly<Record<string, Json>> = {
    command: [secret],
    entryPoint: [secret],
    options: { a: secret },
    dockerLabels: { a: secret },
    labels: { a: secret },
    driverOpts: { a: secret },
    extraHosts: [{ hostname: secret, ipAddress: secret }],
    environment: [{ name: 'A', value: secret, newMember: secret }],
    properties: [{ name: 'A', value: secret }],
  };
  const within = (value: Json): Json =>
    Array.isArray(value) ? value.map(within) : isObject(value) ? filled(value, secret) : value;
  const members = Object.entries(object).map(([name, member]) => [name, places[name] ?? within(member)]);
  return { ...Object.fromEntries(members), newMember: { deep: [secret] } };
}
