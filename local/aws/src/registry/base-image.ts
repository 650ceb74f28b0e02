/** Debian 12 as a scanner sees it: the release file and the package database, without the programs themselves. */
const OS_RELEASE = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
`;

interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly source?: string;
}

const COMMON: readonly DebianPackage[] = [
  { name: 'base-files', version: '12.4+deb12u11' },
  { name: 'ca-certificates', version: '20230311+deb12u1' },
  { name: 'libc6', version: '2.36-9+deb12u10', source: 'glibc' },
  { name: 'libgcc-s1', version: '12.2.0-14+deb12u1', source: 'gcc-12' },
  { name: 'libstdc++6', version: '12.2.0-14+deb12u1', source: 'gcc-12' },
  { name: 'tzdata', version: '2025b-0+deb12u1' },
  { name: 'zlib1g', version: '1:1.2.13.dfsg-1', source: 'zlib' },
];

const openssl = (version: string): readonly DebianPackage[] => [
  { name: 'libssl3', version, source: 'openssl' },
  { name: 'openssl', version },
];

/** `current` has every fix that the advisories know; `old` has an OpenSSL from before some of them. */
export const BASE_PACKAGES = {
  current: [...COMMON, ...openssl('3.0.17-1~deb12u2')],
  old: [...COMMON, ...openssl('3.0.9-1')],
} as const;

/** Answers every request with 200 until a real release replaces it; ends at once when ECS stops the task. */
const PLACEHOLDER = `import { createServer } from 'node:http';

const port = Number(process.env.PORT ?? 8080);
createServer((_, response) => response.end('nothing is deployed yet\\n')).listen(port);
process.on('SIGTERM', () => process.exit(0));
`;

export function baseFiles(packages: readonly DebianPackage[], architecture: string): Record<string, string> {
  return {
    '/etc/os-release': OS_RELEASE,
    '/srv/placeholder.mjs': PLACEHOLDER,
    '/var/lib/dpkg/status': packages.map((one) => paragraph(one, architecture)).join('\n'),
  };
}

function paragraph({ name, version, source }: DebianPackage, architecture: string): string {
  const lines = [
    `Package: ${name}`,
    'Status: install ok installed',
    `Architecture: ${architecture}`,
    ...(source === undefined ? [] : [`Source: ${source}`]),
    `Version: ${version}`,
  ];
  return `${lines.join('\n')}\n`;
}

export const BASE_CONFIG = {
  Cmd: ['node', 'placeholder.mjs'],
  Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  ExposedPorts: { '8080/tcp': {} },
  WorkingDir: '/srv',
} as const;
