import { contractOfSize, SHAPES } from '@tenant-delivery/provisioning/contract-of-size';
import { renderEnvironment } from '@tenant-delivery/provisioning/environment';
import { stacksOf } from '@tenant-delivery/provisioning/stacks/stacks-of';

/** Renders every stack of twenty services with the longest names, and prints the bytes of the largest body. */
const shape = SHAPES['20/10/3, longest names'];
if (!shape) throw new Error('there is no such shape');
const contract = contractOfSize(shape);
const [name = ''] = Object.keys(contract.environments);
const rendered = renderEnvironment(contract, name, {
  provider: 'OWNER/tenant-delivery',
  releases: contract.releases ?? [],
  publishers: ['arn:aws-us-gov:iam::999999999999:role/publisher'],
});
const bytes = stacksOf(contract, name, rendered).map(({ template }) =>
  Buffer.byteLength(JSON.stringify(template)),
);
console.log(JSON.stringify({ stacks: bytes.length, largest: Math.max(...bytes) }));
