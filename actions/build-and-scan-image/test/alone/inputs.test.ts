import { describe, expect, it } from '@jest/globals';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { readBuildInputs } from '../../src/inputs.ts';
import { build, failureOf, usual } from './a-build-alone.ts';

describe('inputs', () => {
  const mistakes = async (inputs: Readonly<Record<string, string>>) =>
    (await failureOf(build({ inputs }))).details;

  it('are refused all at once, each with what to give', async () => {
    expect(
      await mistakes({
        tenant: 'acme',
        change: 'chg',
        version: '1',
        context: 'https://github.com/a/b.git#main',
        tags: 'Web/shop:1,web/shop:a b',
        push: 'yes',
        'cache-from': 'type=s3,bucket=x',
        'cache-to': 'type=registry',
        annotations: 'manifest-descriptor:a=b',
        platforms: 'linux',
      }),
    ).toEqual([
      expect.stringMatching(/^tenant is given: leave it out, it belongs to a contract/),
      expect.stringMatching(/^change is given/),
      expect.stringMatching(/^version is given/),
      expect.stringMatching(/^context is .* an address of Git: check that repository out/),
      expect.stringMatching(/^platforms has "linux"/),
      expect.stringMatching(/^tags has "Web\/shop:1", "web\/shop:a b"/),
      expect.stringMatching(/^push is "yes": give true or false/),
      expect.stringMatching(/^annotations has the line "manifest-descriptor:a=b"/),
      expect.stringMatching(/^cache-from has "type=s3,bucket=x", and the builder gets no AWS credentials/),
      expect.stringMatching(/^cache-to has "type=registry", which names no cache/),
    ]);
  });

  it('that contradict each other are told together', async () => {
    expect(await mistakes({ push: 'true', load: 'true', platforms: 'linux/amd64,linux/arm64' })).toEqual([
      expect.stringMatching(/^tags is missing: push and load/),
      expect.stringMatching(/^load is given with several platforms/),
    ]);
    expect(
      await mistakes({
        push: 'true',
        tags: 'ghcr.io/a/b:1,a.example/a/c:1',
        file: 'x/Dockerfile',
        dockerfile: 'Other',
      }),
    ).toEqual([
      expect.stringMatching(/^tags has names in ghcr.io and a.example/),
      expect.stringMatching(/^tags has the repositories a\/b and a\/c/),
      expect.stringMatching(/^file and dockerfile are both given/),
    ]);
    expect(await mistakes({ 'scan-minutes': '5' })).toEqual([
      expect.stringMatching(/^scan-minutes is given without push/),
    ]);
  });

  it('of `contract: none` are refused with a contract', () => {
    const runner = fakeRunner({ inputs: { ...usual, push: 'true', file: 'Dockerfile' } });
    expect(() => readBuildInputs(runner)).toThrow(
      /push is given: leave it out, it belongs to `contract: none`/,
    );
  });
});
