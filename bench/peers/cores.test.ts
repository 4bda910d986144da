import { expect, it } from 'vitest';
import { coresOf } from './cores.mjs';

it('takes the cores that a process may run on, of a container perhaps not all', () => {
  expect(coresOf('Name:\tnode\nCpus_allowed:\t3\nCpus_allowed_list:\t0-1\nMems_allowed_list:\t0\n')).toEqual([
    0, 1,
  ]);
  expect(coresOf('Cpus_allowed_list:\t3,5-7\n')).toEqual([3, 5, 6, 7]);
});
