import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry's front that wants a bearer token of its own, as Docker Hub and many others do. */
export async function startBearerFront(
  behind: string,
  authorization: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const path = request.url ?? '/';
    if (path.startsWith('/token')) {
      const scope = new URL(path, url).searchParams.get('scope') ?? '';
      const known = request.headers.authorization === `Basic ${Buffer.from('user:word').toString('base64')}`;
      response.writeHead(known ? 200 : 401).end(JSON.stringify({ token: `token for ${scope}` }));
      return;
    }
    const repository = /^\/v2\/(.+?)\/(blobs|manifests)\//.exec(path)?.[1];
    if (request.headers.authorization !== `Bearer token for repository:${repository}:pull,push`) {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${url}/token",service="front"` }).end();
      return;
    }
    const { authorization: _, host: __, connection: ___, ...headers } = request.headers;
    const answer = await fetch(`${behind}${path}`, {
      method: request.method ?? 'GET',
      headers: { ...(headers as Record<string, string>), authorization }, // none of ours comes twice
      ...(chunks.length > 0 ? { body: new Uint8Array(Buffer.concat(chunks)) } : {}),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const passed = [...answer.headers].filter(
      ([name]) => !/^(connection|keep-alive|transfer-encoding)$/.test(name),
    );
    response
      .writeHead(answer.status, Object.fromEntries(passed))
      .end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server that listens has one
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
