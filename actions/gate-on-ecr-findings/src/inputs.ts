import { integer } from '@tenant-delivery/action-kit/readers';
import { changeInputs } from '@tenant-delivery/delivery/inputs';

export const inputs = { ...changeInputs, 'scan-minutes': integer(1, 60) };
