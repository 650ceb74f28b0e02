import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** As botocore's `service-2.json` writes one. */
export interface ModelShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly sensitive?: boolean;
}

export interface ServiceModel {
  readonly operations: Readonly<Record<string, { readonly input?: { readonly shape: string } }>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

export interface Botocore {
  readonly version: string;
  /** The newest model of a service, by the service's name in a signature's scope. */
  model(service: string): ServiceModel;
}

/** Where botocore calls a service otherwise than its signatures do. */
const FOLDERS: Readonly<Record<string, string>> = {
  cloudcontrolapi: 'cloudcontrol',
  servicequotas: 'service-quotas',
  monitoring: 'cloudwatch',
  elasticloadbalancing: 'elbv2',
};

/** The botocore that a Python of this machine has; undefined where there is none. */
export function botocoreOf(python: string): Botocore | undefined {
  const found = installed(python);
  if (found === undefined) return undefined;
  const [version = '', folder = ''] = found.split('\n');
  return {
    version,
    model: (service) => {
      const [file] = globSync(`data/${FOLDERS[service] ?? service}/*/service-2.json{,.gz}`, { cwd: folder })
        .sort()
        .reverse();
      if (file === undefined) throw new Error(`botocore ${version} has no ${service}`);
      const bytes = readFileSync(join(folder, file));
      return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as ServiceModel;
    },
  };
}

function installed(python: string): string | undefined {
  try {
    const asked =
      'import botocore, os; print(botocore.__version__); print(os.path.dirname(botocore.__file__))';
    const said = execFileSync(python, ['-c', asked], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return existsSync(said.split('\n')[1] ?? '') ? said : undefined;
  } catch {
    return undefined; // no Python, or none with botocore
  }
}
