import type { RegistryReader } from '@tenant-delivery/oci/registry/port';

/** For a job without AWS credentials: no image is in this registry, so nothing is asked of it. */
export const NO_REGISTRY: RegistryReader = {
  host: 'a registry for which this job has no credentials',
  readManifest: async () => 'absent',
  hasBlob: async () => false,
  readBlob: () => unasked(),
  streamBlob: () => unasked(),
};

function unasked(): Promise<never> {
  return Promise.reject(new TypeError('a job without credentials has no registry'));
}
