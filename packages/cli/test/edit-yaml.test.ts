import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { appendItem, setMember } from '../src/commands/edit-yaml.ts';

const FILE = `# the contract
serial: 3 # grows
environments: # all of them
  prod:
    vpc: { cidr: 10.20.0.0/16 } # ours
    layers:
      edge: {}
      app: { securityGroups: [sg-1] }
    # about the zones
    zones: [a, b]
    keys: # who signs
      - keyId: one
        publicKey: |
          -----BEGIN
          -----END
  # about staging
  staging:
    zones: [a]
`;

/** The lines that differ, as a review shows them. */
function changed(after: string): readonly string[] {
  const [old, now] = [FILE.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

test.each<readonly [string, string, readonly string[]]>([
  ['a value that is there', setMember(FILE, ['serial'], 4), ['-serial: 3 # grows', '+serial: 4 # grows']],
  [
    'a member of a mapping on one line',
    setMember(FILE, ['environments', 'prod', 'vpc', 'id'], 'vpc-1'),
    ['-    vpc: { cidr: 10.20.0.0/16 } # ours', '+    vpc: { id: vpc-1, cidr: 10.20.0.0/16 } # ours'],
  ],
  [
    'a member of an empty one',
    setMember(FILE, ['environments', 'prod', 'layers', 'edge', 'subnets'], ['s-1', 's-2']),
    ['-      edge: {}', '+      edge: { subnets: [s-1, s-2] }'],
  ],
  [
    'a list that is there',
    setMember(FILE, ['environments', 'prod', 'layers', 'app', 'securityGroups'], ['sg-2']),
    ['-      app: { securityGroups: [sg-1] }', '+      app: { securityGroups: [sg-2] }'],
  ],
  [
    'a member of an item whose last value has several lines',
    setMember(FILE, ['environments', 'prod', 'keys', 0, 'until'], '2026-11-24T09:00:00Z'),
    ['+        until: 2026-11-24T09:00:00Z'],
  ],
  [
    'one more item, above the comment of what follows',
    appendItem(FILE, ['environments', 'prod', 'keys'], { keyId: 'two', publicKey: '-----B\n-----E\n' }),
    ['+      - keyId: two', '+          -----B', '+          -----E'],
  ],
  [
    'a list that was not there',
    appendItem(FILE, ['environments', 'staging', 'keys'], { keyId: 'two' }),
    ['+    keys:', '+      - keyId: two'],
  ],
])('changes the lines of %s and no other', (_, after, lines) => {
  expect(changed(after).filter((line) => line !== '+    keys:' || lines.includes(line))).toEqual(lines);
  expect(parse(after)).toBeDefined();
});

test('puts each value where it belongs', () => {
  const once = appendItem(FILE, ['environments', 'prod', 'keys'], { keyId: 'two', publicKey: 'B\nE\n' });
  const twice = setMember(once, ['environments', 'prod', 'keys', 0, 'until'], '2026-11-24T09:00:00Z');
  const third = appendItem(twice, ['environments', 'staging', 'keys'], { keyId: 'three' });
  expect(parse(third)).toMatchObject({
    serial: 3,
    environments: {
      prod: {
        keys: [
          { keyId: 'one', publicKey: '-----BEGIN\n-----END\n', until: '2026-11-24T09:00:00Z' },
          { keyId: 'two', publicKey: 'B\nE\n' },
        ],
      },
      staging: { zones: ['a'], keys: [{ keyId: 'three' }] },
    },
  });
  expect(third.indexOf('# about staging')).toBeGreaterThan(third.indexOf('keyId: two'));
});

test('refuses a place that the file does not have', () => {
  expect(() => setMember(FILE, ['environments', 'test', 'zones'], [])).toThrow('has no place in the file');
  expect(() => appendItem('keys: [a]\n', ['keys'], 'b')).toThrow('is not written one item a line');
});
