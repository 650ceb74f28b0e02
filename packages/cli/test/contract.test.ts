import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ACME, inMemoryDelivery, localKeys } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { exportChange } from '@tenant-delivery/evidence/export';
import { run } from '../src/run.ts';

const TEMPLATES = join(import.meta.dirname, '../../../templates/operations-repo/tenants');

let cwd = '';

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'contract-'));
});
afterEach(() => rm(cwd, { recursive: true }));

/** Types a command in the folder of the test: exit code and what was printed. */
async function type(...args: readonly string[]) {
  const printed: string[] = [];
  const io = {
    cwd,
    env: {},
    out: (line: string) => printed.push(line),
    err: (line: string) => printed.push(line),
    interrupted: new AbortController().signal,
  };
  return { exit: await run(args, io), printed: printed.join('\n') };
}

describe('contract', () => {
  const keys = localKeys();

  const signAcme = async (serial: number) => {
    const text = await readFile(join(TEMPLATES, 'acme.yaml'), 'utf8');
    await writeFile(join(cwd, 'acme.yaml'), text.replace('serial: 1', `serial: ${serial}`));
    await writeFile(join(cwd, 'key.pem'), keys.privateKeys.contract);
    await writeFile(join(cwd, 'trust.json'), JSON.stringify(keys.trust));
    return type(
      'contract',
      'sign',
      'acme.yaml',
      '--environment',
      'prod',
      '--key',
      'key.pem',
      '--out',
      'signed.json',
    );
  };
  const publish = () =>
    type('contract', 'publish', 'signed.json', '--vault', 'vault', '--trust', 'trust.json');

  test('lint passes the contracts of the template and names every mistake of a bad one', async () => {
    expect(
      await type('contract', 'lint', join(TEMPLATES, 'acme.yaml'), join(TEMPLATES, 'globex.yaml')),
    ).toEqual({
      exit: 0,
      printed: '2 contracts: nothing to correct.',
    });
    const text = await readFile(join(TEMPLATES, 'acme.yaml'), 'utf8');
    await writeFile(
      join(cwd, 'bad.yaml'),
      text.replace('cluster:', 'clsuter:').replace('[euw1-az1, euw1-az2]', '[euw1-az1]'),
    );
    await writeFile(join(cwd, 'worse.yaml'), 'id: [');
    const { exit, printed } = await type('contract', 'lint', 'bad.yaml', 'worse.yaml');
    expect(exit).toBe(1);
    expect(printed).toContain(
      'bad.yaml: environments.prod.clsuter: is not a known key; did you mean cluster?',
    );
    expect(printed).toMatch(/worse\.yaml: line 1, column \d+: /);
  });

  test('lint and sign refuse a contract that makes too large a document, before anything is signed', async () => {
    const text = await readFile(join(TEMPLATES, 'acme.yaml'), 'utf8');
    const owners = Array.from(
      { length: 16 },
      (_, i) =>
        `  - { repository: ${'o'.repeat(36)}${i}/x, repositoryId: ${1_000_000_000 + i}, ownerId: 1, services: [orders] }`,
    );
    await writeFile(join(cwd, 'many.yaml'), text.replace('operations:', `${owners.join('\n')}\noperations:`));
    const linted = await type('contract', 'lint', 'many.yaml');
    expect(linted.exit).toBe(1);
    expect(linted.printed).toMatch(
      /many\.yaml: environments\.prod: the trust of td-prod-evidence has 2,\d{3} characters of the 2,048 that AWS allows; name fewer/,
    );
    await writeFile(join(cwd, 'key.pem'), keys.privateKeys.contract);
    const into = ['--environment', 'staging', '--key', 'key.pem', '--out', 'signed.json'];
    const signed = await type('contract', 'sign', 'many.yaml', ...into);
    expect(signed).toMatchObject({ exit: 1, printed: expect.stringContaining('td-prod-evidence') });
    await expect(readFile(join(cwd, 'signed.json'))).rejects.toThrow('ENOENT');
  });

  test('sizes prints every document of the given contracts beside its quota, and of contracts of some shapes', async () => {
    const given = await type('contract', 'sizes', join(TEMPLATES, 'acme.yaml'));
    expect(given.exit).toBe(0);
    expect(given.printed).toMatch(/^\| document +\| of +\| quota \| acme prod \| acme staging \|/);
    expect(given.printed).toMatch(/\| trust +\| access +\| +2048 \| +\d+ \| +- \|/);
    const shapes = await type('contract', 'sizes');
    expect(shapes.exit).toBe(0);
    expect(shapes.printed).toContain('20/10/3, longest names');
    expect(shapes.printed).not.toContain('!');
  });

  test('render writes every document that is applied in an account, as it is measured', async () => {
    const publisher = 'arn:aws:iam::000011112222:role/contracts';
    const into = ['--environment', 'prod', '--publisher', publisher, '--out', 'acme-prod'];
    expect(await type('contract', 'render', join(TEMPLATES, 'acme.yaml'), ...into)).toMatchObject({
      exit: 0,
    });
    const written = (path: string) => readFile(join(cwd, 'acme-prod', path), 'utf8');
    const trust = await written('roles/td-prod-deploy/trust.json');
    expect(trust).toContain('"*@refs/tags/v0.1.0"');
    expect(trust).not.toMatch(/\s|\$\{/);
    expect(JSON.parse(await written('roles/td-prod-deploy/role.json'))).toMatchObject({ path: '/td/prod/' });
    expect(await written('roles/td-prod-deploy/optional/td-prod-deploy-retention.json')).toContain(
      'Deregister',
    );
    expect(await written('roles/td-prod-break-glass/boundary.json')).toContain('NothingOfTheVault');
    expect(await written('keys/rotate.json')).toContain('td-prod-access');
    expect(await written('vault/policy.json')).toContain(publisher);
    const foundation = JSON.parse(await written('stacks/td-acme-prod-foundation.json'));
    expect(foundation.Resources.Vault.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test('render takes who publishes from the contract, from the flag if it is given, and refuses without both', async () => {
    const text = await readFile(join(TEMPLATES, 'acme.yaml'), 'utf8');
    const render = async (contract: string, ...flags: readonly string[]) => {
      await writeFile(join(cwd, 'acme.yaml'), contract);
      const into = ['--environment', 'prod', '--out', 'made'];
      const said = await type('contract', 'render', 'acme.yaml', ...into, ...flags);
      const policy = await readFile(join(cwd, 'made/vault/policy.json'), 'utf8').catch(() => '');
      return { ...said, policy };
    };
    const refused = await render(text);
    expect(refused).toMatchObject({ exit: 2, policy: '' });
    expect(refused.printed).toContain(
      'name the role in `publishers` in acme.yaml, or by its ARN as --publisher',
    );
    const [agreed, given] = ['agreed', 'given'].map((name) => `arn:aws:iam::000011112222:role/${name}`);
    const named = `${text}\npublishers: ["${agreed}"]\n`;
    expect((await render(named)).policy).toContain(agreed);
    const { policy } = await render(named, '--publisher', String(given));
    expect(policy).toContain(given);
    expect(policy).not.toContain(agreed);
  });

  test('status tells what is published and what is due, and a vault that cannot be read from an empty one', async () => {
    const look = () => type('contract', 'status', 'acme.yaml', '--vault', 'vault', '--trust', 'trust.json');
    await signAcme(3);
    const before = await look();
    expect(before.exit).toBe(1);
    expect(before.printed).toContain('acme prod: serial 3, none published, ends 2027-11-30, trusts v0.1.0');
    expect(before.printed).toContain('! None is published: sign and publish this one.');
    await publish();
    expect((await look()).printed).toContain('acme prod: serial 3, published 3,');
    const text = await readFile(join(cwd, 'acme.yaml'), 'utf8');
    await writeFile(join(cwd, 'acme.yaml'), text.replace('serial: 3', 'serial: 4'));
    expect((await look()).printed).toContain('! Serial 4 is not published: sign and publish it.');
    await writeFile(join(cwd, 'acme.yaml'), text.replace('serial: 3', 'serial: 2'));
    expect((await look()).printed).toContain('find serial 3 and put it here');
    await writeFile(join(cwd, 'vault/contract/prod.dsse.json'), 'broken');
    expect((await look()).printed).toContain('! What is published could not be read: ');
  });

  test('diff says what a new contract changes for whom, and refuses one whose serial stays', async () => {
    const text = await readFile(join(TEMPLATES, 'acme.yaml'), 'utf8');
    const wider = text.replace('capacity: { base: 2, maximum: 6 }', 'capacity: { base: 2, maximum: 8 }');
    await writeFile(join(cwd, 'old.yaml'), text);
    await writeFile(join(cwd, 'new.yaml'), wider);
    expect(await type('contract', 'diff', 'old.yaml', 'new.yaml')).toEqual({
      exit: 1,
      printed: [
        'For the customer:',
        '  orders in prod may grow to 8 tasks instead of 6.',
        'For the provider:',
        '  orders in prod may grow to 8 tasks instead of 6.',
        'The serial is 1, and was 1. Raise it, or publishing refuses the contract.',
      ].join('\n'),
    });
    await writeFile(join(cwd, 'new.yaml'), wider.replace('serial: 1', 'serial: 2'));
    expect((await type('contract', 'diff', 'old.yaml', 'new.yaml')).exit).toBe(0);
    expect(await type('contract', 'diff', 'old.yaml', 'old.yaml')).toEqual({
      exit: 0,
      printed: 'Both contracts of acme say the same.',
    });
  });

  test('sign and publish put a contract in force once, and refuse to go back', async () => {
    expect(await signAcme(3)).toMatchObject({
      exit: 0,
      printed: expect.stringContaining('the contract of acme for prod, serial 3'),
    });
    expect(await publish()).toEqual({
      exit: 0,
      printed: 'The contract of acme for prod, serial 3: published in vault.',
    });
    expect(await publish()).toEqual({
      exit: 0,
      printed: 'The contract of acme for prod, serial 3: already published in vault.',
    });
    await signAcme(2);
    expect(await publish()).toMatchObject({ exit: 1, printed: expect.stringContaining('CONTRACT_OLDER') });
  });

  test('sign never prints a key, whatever is wrong with it', async () => {
    await signAcme(1);
    await writeFile(join(cwd, 'key.pem'), keys.privateKeys.contract.replace('A', '!'));
    const { exit, printed } = await type(
      'contract',
      'sign',
      'acme.yaml',
      '--environment',
      'prod',
      '--key',
      'key.pem',
      '--out',
      'x',
    );
    expect(exit).toBe(2);
    expect(printed).toContain('is not the PEM of the private half of an ECDSA key on P-256');
    expect(printed).not.toContain(keys.privateKeys.contract.slice(40, 60));
  });

  test.each([
    [['contract', 'lint'], 'Name the contract files'],
    [['contract', 'sign', 'a.yaml'], '--environment'],
    [['contract', 'render', 'a.yaml', '--out', 'x'], '--environment'],
    [
      ['contract', 'sign', 'a', '--environment', 'prod', '--out', 'x', '--key', 'k', '--kms', 'alias/k'],
      'either --key or --kms',
    ],
    [['contract', 'publish', 'a.json'], 'Give either --vault DIR or --s3'],
    [['contract', 'sign', '--envrionment', 'prod'], 'did you mean --environment?'],
  ])('%s is answered with what is wrong and how to say it', async (args, says) => {
    const { exit, printed } = await type(...args);
    expect(exit).toBe(2);
    expect(printed).toContain(says);
    expect(printed).toContain('Usage: tenant-delivery contract');
  });
});

describe('verify-evidence', () => {
  const store = async (end: 'closed' | 'deploying', meddle: (jsonl: string) => string = (jsonl) => jsonl) => {
    const delivery = await inMemoryDelivery();
    const jsonl = await exportChange(delivery.vault, ACME, await delivery.bring(end));
    await writeFile(join(cwd, 'evidence.intoto.jsonl'), meddle(jsonl));
    await writeFile(join(cwd, 'trust.json'), JSON.stringify(delivery.trust));
  };
  const verify = (...more: readonly string[]) =>
    type('verify-evidence', 'evidence.intoto.jsonl', '--trust', 'trust.json', ...more);

  test('exits 0 for a whole and closed change, and tells its story', async () => {
    await store('closed');
    const { exit, printed } = await verify();
    expect(printed).toMatch(/chg_\w{26}: deploy of orders in acme\/prod, closed/);
    expect(printed).toMatch(/line {3}5 {2}holds {3}4 approved {4}\S+ by lead-ben/);
    expect(printed).toContain('Everything holds: 8 lines, 1 change;');
    expect(exit).toBe(0);
  });

  test('exits 1 and names the line for a change that was touched or cut', async () => {
    await store('closed', (jsonl) => jsonl.split('\n').toSpliced(2, 1).join('\n'));
    const { exit, printed } = await verify();
    expect(exit).toBe(1);
    expect(printed).toContain('line   3  BROKEN');
    await store('deploying');
    expect(await verify()).toMatchObject({ exit: 1, printed: expect.stringContaining('ends at deploying') });
  });

  test('takes the signed contract that names the keys, and says so if none was given', async () => {
    const delivery = await inMemoryDelivery({ keysIn: 'contract' });
    const jsonl = await exportChange(delivery.vault, ACME, await delivery.bring('closed'));
    const stored = await delivery.vault.read('contract/prod.dsse.json');
    const released = delivery.trust.keys.filter(({ duty }) => duty === 'contract');
    await writeFile(join(cwd, 'evidence.intoto.jsonl'), jsonl);
    await writeFile(join(cwd, 'trust.json'), JSON.stringify({ schemaVersion: 1, keys: released }));
    await writeFile(join(cwd, 'prod.dsse.json'), stored?.bytes ?? '');
    const without = await verify();
    expect(without).toMatchObject({
      exit: 1,
      printed: expect.stringContaining('give that contract with --contract FILE'),
    });
    const { exit, printed } = await verify('--contract', 'prod.dsse.json');
    expect(printed).toMatch(
      /prod\.dsse\.json: contract of acme\/prod, serial 1, signed by contract key \w{12}…/,
    );
    expect(printed).toMatch(
      /\w{12}… deploy of prod: the contract, serial 1, vouches for it; it signed 3 here/,
    );
    expect(exit).toBe(0);
    expect(printed).not.toContain('The file brought the contract');
    await writeFile(join(cwd, 'evidence.intoto.jsonl'), `${Buffer.from(stored?.bytes ?? '')}\n${jsonl}`);
    const brought = await verify();
    expect(brought).toMatchObject({
      exit: 0,
      printed: expect.stringContaining('Give the contract in force with --contract FILE'),
    });
  });

  test('answers machines in JSON', async () => {
    await store('closed');
    const { exit, printed } = await verify('--json');
    expect(exit).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({
      schemaVersion: 1,
      holds: true,
      changes: [{ state: 'closed' }],
    });
  });

  test('exits 2 when it cannot judge', async () => {
    await store('closed');
    expect(await type('verify-evidence', 'evidence.intoto.jsonl')).toMatchObject({
      exit: 2,
      printed: expect.stringContaining('--trust FILE'),
    });
    expect(await type('verify-evidence', 'none', '--trust', 'trust.json')).toMatchObject({ exit: 2 });
    await writeFile(join(cwd, 'trust.json'), '{"schemaVersion":1,"keys":[{"keyId":"x"}]}');
    expect(await verify()).toMatchObject({ exit: 2, printed: expect.stringContaining('keys.0.') });
  });
});
