import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { digestOf } from '../registry/digest.ts';
import { imageName } from './docker-belongings.ts';
import type { DockerEngine } from './docker-engine.ts';
import type { ImageBlobs, RunnableImage } from './image-source.ts';

/** Brings images into an engine, each once, and answers the name that it has there. */
export function imageLoader(engine: DockerEngine, world: string): (image: RunnableImage) => Promise<string> {
  const loaded = new Map<string, Promise<string>>();
  return (image) => {
    const blobs = image.blobs();
    const digest = digestOf(blobs.manifest);
    const known = loaded.get(digest);
    if (known) return known;
    const name = imageName(world, digest);
    const loading = load(engine, name, digest, blobs);
    loaded.set(digest, loading);
    loading.catch(() => loaded.delete(digest)); // the next task tries again
    return loading;
  };
}

/** The engine checks the layers against the configuration, and what it loads is named by the digest. */
async function load(engine: DockerEngine, name: string, digest: string, blobs: ImageBlobs): Promise<string> {
  const said = await engine.load(imageArchive(name, digest, blobs));
  const refusal = /"error":\s*"(?<why>(?:[^"\\]|\\.)*)"/.exec(said)?.groups?.['why'];
  if (refusal !== undefined) throw new Error(refusal);
  return name;
}

/** An OCI layout that also is what `docker save` writes, so that either image store of an engine reads it. */
function imageArchive(
  name: string,
  digest: string,
  { mediaType, manifest, config, layers }: ImageBlobs,
): Readable {
  const archive = pack();
  const at = (of: string) => `blobs/${of.replace(':', '/')}`;
  const json = (file: string, content: object) => archive.entry({ name: file }, JSON.stringify(content));
  json('oci-layout', { imageLayoutVersion: '1.0.0' });
  json('index.json', {
    schemaVersion: 2,
    manifests: [
      {
        mediaType,
        digest,
        size: manifest.length,
        annotations: { 'io.containerd.image.name': `docker.io/${name}` },
      },
    ],
  });
  const named = (blob: Buffer) => ({ blob, path: at(digestOf(blob)) });
  const [about, content] = [named(config), layers.map(named)];
  json('manifest.json', [{ Config: about.path, RepoTags: [name], Layers: content.map(({ path }) => path) }]);
  const files = [{ blob: manifest, path: at(digest) }, about, ...content];
  const blobs = new Map(files.map(({ path, blob }) => [path, blob])); // a layer may stand twice in an image
  for (const [path, blob] of blobs) archive.entry({ name: path }, blob);
  archive.finalize();
  return Readable.from(archive);
}
