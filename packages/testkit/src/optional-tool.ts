import { spawnSync } from 'node:child_process';
import { describe, test } from '@jest/globals';

/** Programs of others that check ours, each with the command that proves that it starts; `.ci/run` has the same. */
const PROOFS = {
  skopeo: ['skopeo', '--version'],
  cosign: ['cosign', 'version'],
  oras: ['oras', 'version'],
  aws: ['/usr/bin/aws', '--version'], // by path: other installations may shadow Debian's
  boto3: ['/usr/bin/python3', '-c', 'import boto3'], // by path, as with aws
  moto: ['/usr/bin/python3', '-c', 'import moto.server, moto.cloudformation'], // with what they need
  'ssh-keygen': ['sh', '-c', 'command -v ssh-keygen'],
  'docker-registry': ['docker-registry', '--version'],
  docker: ['docker', 'info'],
  compose: ['sh', '-c', 'docker compose version && docker info && jq --version'],
  // one that can export what it builds: another builder than the engine's own, or its containerd image store
  buildx: [
    'sh',
    '-c',
    "docker buildx inspect | grep -q 'Driver: *docker-container' || { docker buildx version && docker info --format '{{json .DriverStatus}}' | grep -q io.containerd.snapshotter; }",
  ],
  // BuildKit and buildx that speak the second version of GitHub's cache service, which are of 2025
  'cache-at-github': [
    'sh',
    '-c',
    "docker version --format '{{.Server.Version}}' | grep -qE '^(2[89]|[3-9][0-9])\\.' && docker buildx version | grep -qE ' v?(0\\.(2[1-9]|[3-9][0-9])|[1-9][0-9]*)\\.'",
  ],
} as const;

export type ToolName = keyof typeof PROOFS;

export type Tool =
  /** `program` is what to start: a name on PATH, or a path. */
  { readonly kind: 'works'; readonly program: string } | { readonly kind: 'absent'; readonly why: string };

/** Starts a program once to learn whether it can be started. */
export function tool(name: ToolName): Tool {
  const [program, ...args] = PROOFS[name];
  const { error, status, signal } = spawnSync(program, args, { stdio: 'ignore', timeout: 20_000 });
  if (status === 0) return { kind: 'works', program };
  if (Reflect.get(Object(error), 'code') === 'ENOENT')
    return { kind: 'absent', why: `${name} is not installed` };
  const how = status === null ? (signal ?? error?.message) : `exit code ${status}`;
  return { kind: 'absent', why: `${name} does not start here (${how})` };
}

/**
 * A suite of tests that need a program. Where it can't be started the suite is left out, in one line that says why;
 * where the environment variable REQUIRE (names with commas) demands it, the suite fails instead.
 * `unmet`: why the program, though it starts, cannot do what the suite needs of it.
 */
export function describeWith(
  name: ToolName,
  title: string,
  suite: (program: string) => void,
  unmet?: string,
): void {
  const started = tool(name);
  const found: Tool =
    started.kind === 'works' && unmet ? { kind: 'absent', why: `${name}: ${unmet}` } : started;
  if (found.kind === 'works') {
    describe(title, () => suite(found.program));
  } else if ((process.env['REQUIRE'] ?? '').split(',').includes(name)) {
    describe(title, () => {
      test(`has ${name}, which REQUIRE names`, () => {
        throw new Error(found.why);
      });
    });
  } else {
    process.stdout.write(`left out: ${found.why} ("${title}")\n`);
    describe.skip(title, () => suite(name));
  }
}
