import { isLoopback } from '@tenant-delivery/action-kit/clock';
import { isDigest } from '@tenant-delivery/domain';
import type { PreflightReader } from '@tenant-delivery/isolation/ports';
import { formatPlatform, platformSchema } from '@tenant-delivery/oci/descriptor';
import { readRegistryJson } from '@tenant-delivery/oci/registry-json';
import { digestOf } from '@tenant-delivery/vault/objects';
import * as v from 'valibot';
import { messageOf, required, translated } from '../errors/translate.ts';
import { failures } from '../failures.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { ecrClient } from './ecr-client.ts';

const ACTION = 'ecr:GetDownloadUrlForLayer';
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const PATIENCE = 10_000; // milliseconds for the bytes
const LARGEST = 4 * 1024 * 1024; // bytes; configurations are a few thousand

const manifestSchema = v.looseObject({
  config: v.looseObject({ digest: v.pipe(v.string(), v.check(isDigest)) }),
});

/**
 * The platform of an image that has only one. It is in the image's configuration, not in a manifest. ECR gives an address in
 * Amazon S3, which we ask without credentials. The bytes are believed only if the manifest names their digest.
 */
export function imagePlatform(config: ClientConfig): PreflightReader['platform'] {
  const ecr = ecrClient(config);
  return async (repositoryName, imageDigest) => {
    const got = await translated(
      'ecr:BatchGetImage',
      ecr.send(
        (sdk) =>
          new sdk.BatchGetImageCommand({
            repositoryName,
            imageIds: [{ imageDigest }],
            acceptedMediaTypes: MANIFESTS,
          }),
      ),
    );
    const text = got.images?.[0]?.imageManifest;
    const own = text !== undefined && digestOf(text) === imageDigest ? text : undefined;
    const document = required(own, `the manifest of ${imageDigest}`);
    const manifest = v.safeParse(
      manifestSchema,
      readRegistryJson(`The manifest of ${imageDigest}`, document),
    );
    const layerDigest = required(
      manifest.success ? manifest.output.config.digest : undefined,
      `a manifest of ${imageDigest} that names a configuration`,
    );
    const sent = ecr.send((sdk) => new sdk.GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }));
    const url = required((await translated(ACTION, sent)).downloadUrl, 'downloadUrl');
    const bytes = await download(url, !config.ignoreConfiguredEndpointUrls);
    const read = v.safeParse(
      platformSchema,
      digestOf(bytes) === layerDigest
        ? readRegistryJson(`The configuration ${layerDigest}`, bytes)
        : undefined,
    );
    return formatPlatform(
      required(read.success ? read.output : undefined, `the configuration ${layerDigest} of an image`),
    );
  };
}

/** Follows an address on this machine only for accounts of local-aws. */
async function download(url: string, local: boolean): Promise<Buffer> {
  if (!/^https:/.test(url) && !(local && isLoopback(url)))
    throw failures.awsUnread(ACTION, 'it named an address that is not https');
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || !answer.body) throw new Error(`Amazon S3 answered ${answer.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > LARGEST) throw new Error('it is longer than a configuration is');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    // the address works like a password until it expires
    throw failures.awsUnread(ACTION, messageOf(cause).replaceAll(url, 'its address'));
  }
}
