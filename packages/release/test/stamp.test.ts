import { describe, expect, it } from '@jest/globals';
import { stamped } from '../src/stamp.ts';

describe('a new version', () => {
  it('reaches every reference that a customer copies, and touches no other', () => {
    const text = [
      'uses: OWNER/tenant-delivery/.github/workflows/deliver.yml@v0.1.0',
      '- uses: OWNER/tenant-delivery/actions/open-change@v0.1.0 # v0.1.0',
      'uses: OWNER/tenant-delivery-fork/actions/open-change@v0.1.0',
      'uses: actions/checkout@v4.2.2',
      'OWNER/tenant-delivery/x@main',
      'repository: OWNER/tenant-delivery',
      '          ref: refs/tags/v0.1.0 # a release',
      'repository: OWNER/tenant-operations',
      '          ref: refs/tags/v0.1.0',
      'releases: [v0.1.0] # those in use',
      '   releases: [v0.1.0] # of a contract on a page',
      '-releases: [v0.1.0]',
    ].join('\n');
    expect(stamped(text, 'OWNER/tenant-delivery', '1.2.3').split('\n')).toEqual([
      'uses: OWNER/tenant-delivery/.github/workflows/deliver.yml@v1.2.3',
      '- uses: OWNER/tenant-delivery/actions/open-change@v1.2.3 # v0.1.0',
      'uses: OWNER/tenant-delivery-fork/actions/open-change@v0.1.0',
      'uses: actions/checkout@v4.2.2',
      'OWNER/tenant-delivery/x@main',
      'repository: OWNER/tenant-delivery',
      '          ref: refs/tags/v1.2.3 # a release',
      'repository: OWNER/tenant-operations',
      '          ref: refs/tags/v0.1.0',
      'releases: [v1.2.3] # those in use',
      '   releases: [v1.2.3] # of a contract on a page',
      '-releases: [v0.1.0]',
    ]);
  });
});
