import type { Service } from '../world/service.ts';
import { cborProtocol } from './cbor.ts';
import { DIALECTS, type Dialect } from './dialects.ts';
import { ec2Protocol } from './ec2.ts';
import type { Exchange } from './exchange.ts';
import { jsonProtocol } from './json.ts';
import { type Model, modelOf, type Operation } from './model.ts';
import type { Protocol } from './protocol.ts';
import { queryProtocol } from './query.ts';
import { restProtocol } from './rest.ts';
import { matchRestJson, restJsonProtocol } from './rest-json.ts';
import { matchRest } from './rest-route.ts';

/** What a request asks for. `operation` is undefined when the service has no such operation. */
export interface Routed {
  readonly service: Service;
  readonly dialect: Dialect;
  readonly protocol: Protocol;
  readonly model: Model;
  readonly asked: string;
  readonly operation: Operation | undefined;
}

/**
 * Finds service, operation and protocol of one request: an rpcv2Cbor path, else `x-amz-target`, else a form with
 * `Version`, else the service of the signature's scope by its path, else S3. One service can need several protocols, so each request decides.
 */
export async function route(
  services: readonly Service[],
  exchange: Exchange,
  scope: string | undefined,
): Promise<Routed | undefined> {
  const spoken = rpc(exchange, scope) ?? form(exchange) ?? rest(exchange, scope);
  const service = services.find(({ name }) => name === spoken?.service);
  const dialect = spoken && Object.hasOwn(DIALECTS, spoken.service) ? DIALECTS[spoken.service] : undefined;
  if (!spoken || !service || !dialect) return undefined;
  const model = await modelOf(service.sdk);
  if (spoken.kind === 'named') {
    const operation = model.operations.get(spoken.operation);
    return { service, dialect, protocol: spoken.protocol, model, asked: spoken.operation, operation };
  }
  if (dialect.protocol === 'rest-json') {
    const match = matchRestJson(model, exchange.method, exchange.path);
    const asked = match?.operation.name ?? `${exchange.method} ${exchange.path}`;
    const protocol = restJsonProtocol(match?.labels ?? {});
    return { service, dialect, protocol, model, asked, operation: match?.operation };
  }
  const query = new URLSearchParams(exchange.query);
  const implemented = new Set(Object.keys(service.operations));
  const copies = exchange.headers['x-amz-copy-source'] !== undefined;
  const match = matchRest(model, implemented, exchange.method, exchange.path, query, copies);
  const asked = match?.operation.name ?? `${exchange.method} ${exchange.path}`;
  const protocol = restProtocol(match?.labels ?? {});
  return { service, dialect, protocol, model, asked, operation: match?.operation };
}

type Spoken =
  | {
      readonly kind: 'named';
      readonly service: string;
      readonly operation: string;
      readonly protocol: Protocol;
    }
  | { readonly kind: 'rest'; readonly service: string };

function rpc({ headers, path }: Exchange, scope: string | undefined): Spoken | undefined {
  const cbor = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(path);
  if (headers['smithy-protocol'] === 'rpc-v2-cbor' && cbor) {
    const [, target = '', operation = ''] = cbor;
    return { kind: 'named', service: byTarget(target) ?? scope ?? '', operation, protocol: cborProtocol };
  }
  const [, target = '', operation = ''] = /^(.+)\.([^.]+)$/.exec(headers['x-amz-target'] ?? '') ?? [];
  if (!operation) return undefined;
  const version = headers['content-type']?.includes('json-1.0') ? '1.0' : '1.1';
  return { kind: 'named', service: byTarget(target) ?? '', operation, protocol: jsonProtocol(version) };
}

function form({ headers, body }: Exchange): Spoken | undefined {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
  const fields = new URLSearchParams(body.toString());
  const version = fields.get('Version');
  const [service, dialect] = Object.entries(DIALECTS).find(([, known]) => known.version === version) ?? [];
  if (!service || !dialect) return undefined;
  const protocol = dialect.protocol === 'ec2' ? ec2Protocol : queryProtocol;
  return { kind: 'named', service, operation: fields.get('Action') ?? '', protocol };
}

function rest({ headers }: Exchange, scope: string | undefined): Spoken | undefined {
  if (headers['x-amz-target'] !== undefined) return undefined;
  const service = scope ?? 's3';
  const protocol = Object.hasOwn(DIALECTS, service) ? DIALECTS[service]?.protocol : undefined;
  return protocol === 'rest-xml' || protocol === 'rest-json' ? { kind: 'rest', service } : undefined;
}

/** Some clients put a namespace before the target: `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101`. */
function byTarget(target: string): string | undefined {
  const plain = target.split('.').at(-1);
  return Object.entries(DIALECTS).find(([, dialect]) => dialect.target === plain)?.[0];
}
