import { ORDERS_IMAGE } from '@tenant-delivery/delivery/test/in-memory-delivery';

/** The record of the image that the gate's stories judge. */
export const RECORD = {
  schemaVersion: 1,
  image: ORDERS_IMAGE,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  platforms: [{ platform: 'linux/amd64', digest: ORDERS_IMAGE.digest }],
  revision: '0123456789abcdef0123456789abcdef01234567',
  ref: 'refs/heads/main',
  inputsDigest: `sha256:${'2'.repeat(64)}`,
  base: [],
  vanished: [],
  builder: 'own',
  reused: false,
  pushedAt: '2026-11-24T08:59:59.000Z',
};
