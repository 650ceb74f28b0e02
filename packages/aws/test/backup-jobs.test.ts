import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { backupJobs } from '../src/backup/backup-jobs.ts';
import { clientConfig } from '../src/session/client-config.ts';

let body = '';
const server = createServer((request, response) => {
  request.resume().on('end', () => response.end(body));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

/** What we read of a job that AWS Backup describes so. */
function described(job: object) {
  body = JSON.stringify(job);
  const base = { region: 'eu-west-1', local: true, scale: 1e6, userAgent: 'td/test' };
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens
  const config = { ...clientConfig(base, { accessKeyId: 'AKIA', secretAccessKey: 'x' }, 1), endpoint };
  return backupJobs({ clientConfig: () => config }, 'provision').job('job-1');
}

it('a job is read with the time at which it was asked for, in milliseconds', async () => {
  expect(await described({ State: 'RUNNING', CreationDate: 1_516_925_490.087, PercentDone: '12.5' })).toEqual(
    {
      state: 'RUNNING',
      createdAt: 1_516_925_490_087,
      percentDone: '12.5',
      message: undefined,
      category: undefined,
      recoveryPoint: undefined,
    },
  );
});

it('a job of unknown age is not read: it could be stale', async () => {
  await expect(described({ State: 'COMPLETED' })).rejects.toThrow('CreationDate');
});
