import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CI, conclusionsOf, linesOf, type RunnerWorld, startRunnerWorld } from './fixtures/runner-world.ts';

let world: RunnerWorld;
beforeAll(async () => {
  world = await startRunnerWorld();
});
afterAll(() => world.close());

const PIN = '0'.repeat(40);
const MAKE = `echo one > a.txt; mkdir b; echo two > b/c.txt; sha256sum a.txt > sums`;
const attesting = (permissions: string, more = '') => `name: CI
on: push
permissions: {}
jobs:
  attest:
    runs-on: x
    permissions: { ${permissions} }
    steps:
      - run: ${MAKE}; echo '{"bomFormat":"CycloneDX"}' > sbom.json
      - id: attest
        uses: actions/attest@${PIN}
        with: { subject-checksums: sums ${more} }
`;

test('an artifact goes from one job to another of its run, by its name', async () => {
  const result = await world.run(`name: CI
on: push
permissions: {}
jobs:
  make:
    runs-on: x
    steps:
      - run: ${MAKE}
      - { uses: actions/upload-artifact@${PIN}, with: { name: made, path: . } }
  take:
    needs: make
    runs-on: x
    steps:
      - { uses: actions/download-artifact@${PIN}, with: { name: made, path: got } }
      - { id: look, run: "cat got/a.txt got/b/c.txt" }
      - { id: other, continue-on-error: true, uses: actions/download-artifact@${PIN}, with: { name: other } }
      - { run: "echo \${{ steps.other.outcome }}", id: told }
`);
  expect(conclusionsOf(result)).toEqual({ make: 'success', take: 'success' });
  expect(linesOf(result, 'look')).toEqual(['one', 'two']);
  expect(linesOf(result, 'told')).toEqual(['failure']);
});

test('Node of this process comes first on the path, and another version is refused', async () => {
  const asking = (version: string) => `name: CI
on: push
permissions: {}
jobs:
  node:
    runs-on: x
    steps:
      - { run: 'mkdir own; printf "#!/bin/sh\\necho another" > own/node; chmod +x own/node; echo "$PWD/own" >> "$GITHUB_PATH"' }
      - { id: setup, uses: actions/setup-node@${PIN}, with: { node-version: ${version}, package-manager-cache: false } }
      - { id: look, run: "node --version; echo \${{ steps.setup.outputs.node-version }}" }
`;
  const [major] = process.versions.node.split('.');
  const result = await world.run(asking(String(major)));
  expect(conclusionsOf(result)).toEqual({ node: 'success' });
  expect(linesOf(result, 'look')).toEqual([process.version, process.version]);
  expect(conclusionsOf(await world.run(asking('18')))).toEqual({ node: 'failure' });
});

test('an attestation says of which files, by which workflow and commit, and that nobody signed it', async () => {
  const repository = await world.repository({ [CI]: attesting('id-token: write, attestations: write') });
  const result = await world.run('', { repository });
  expect(conclusionsOf(result)).toEqual({ attest: 'success' });
  expect(linesOf(result, 'attest').join()).toContain('without Sigstore');
  const [made] = world.github.world.repositories.get(repository)?.attestations ?? [];
  expect(made?.subjects).toEqual([expect.stringMatching(/^sha256:[0-9a-f]{64}$/)]);
  const { payload, signatures } = Object(made?.bundle).dsseEnvelope;
  expect(signatures).toEqual([]);
  expect(JSON.parse(Buffer.from(payload, 'base64').toString())).toMatchObject({
    subject: [{ name: 'a.txt' }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: { externalParameters: { workflow: { path: CI, ref: 'refs/heads/main' } } },
    },
  });
});

test('a bill of materials is attested as what it is', async () => {
  const given = attesting('id-token: write, attestations: write', ', sbom-path: sbom.json');
  const repository = await world.repository({ [CI]: given });
  await world.run('', { repository });
  expect(world.github.world.repositories.get(repository)?.attestations).toMatchObject([
    { predicateType: 'https://cyclonedx.org/bom' },
  ]);
});

test.each([
  ['attestations: write', '', 'missing "id-token" permission'],
  ['id-token: write', '', 'Resource not accessible by integration'],
  ['id-token: write, attestations: write', ', subject-path: x', 'is a stand-in, without: subject-path'],
])('with { %s } and %j nothing is attested: %s', async (permissions, more, reason) => {
  const repository = await world.repository({ [CI]: attesting(permissions, more) });
  const result = await world.run('', { repository });
  expect(conclusionsOf(result)).toEqual({ attest: 'failure' });
  expect(result.jobs[0]?.log).toContain(reason);
  expect(world.github.world.repositories.get(repository)?.attestations).toEqual([]);
});
