import { afterAll, beforeAll, jest } from '@jest/globals';
import { pushSuite } from '@tenant-delivery/oci/test/push-suite';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { startDockerRegistry } from './docker-registry.ts';

jest.setTimeout(60_000); // programs of others start slowly where much else runs

describeWith('docker-registry', 'our client, against a registry that others wrote', () => {
  let docker: Awaited<ReturnType<typeof startDockerRegistry>>;
  beforeAll(async () => {
    docker = await startDockerRegistry();
  });
  afterAll(() => docker.stop());

  pushSuite("Debian's docker-registry", () => ({
    url: docker.url,
    repository: 'acme/orders',
    other: 'acme/other',
  }));
});
