import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter } from './node-task.ts';

export const primes: WorkloadDescription = {
  id: 'primes',
  title: 'Primes',
  summary: 'Counts the primes below n by trial division. Divides and branches, and needs no memory.',
  kind: 'cpu',
  parameters: [
    {
      type: 'number',
      name: 'n',
      label: 'Below',
      unit: '',
      min: 2,
      max: 100_000_000,
      integer: true,
      defaults: { node: 2_000_000, python: 150_000 },
      help: 'One task counts the primes below this number; twice the number takes nearly three times as long.',
    },
  ],
  expectedSignature: {
    node: 'Threads and processes both keep every core busy; threads start sooner.',
    python:
      'With the global interpreter lock, threads keep one core busy among them and gain nothing; processes keep every core busy.',
  },
};

export const primesWork: NodeWorkload = { run: countPrimes };

export function countPrimes(params: WorkloadParams): string {
  const n = readParameter(params, 'n');
  // 2 is the only even one; odd numbers need no even divisors.
  let count = n > 2 ? 1 : 0;
  for (let candidate = 3; candidate < n; candidate += 2) {
    let divisor = 3;
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor += 2;
    if (divisor * divisor > candidate) count += 1;
  }
  return String(count);
}
