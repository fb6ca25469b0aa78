/**
 * What a workload says just before it goes wrong on purpose: a worker that dies has no words any more, and the
 * death of the host takes with it what is on its way. fault_stage.py says the same.
 */
export const faultNote = 'The fault strikes in 20 ms.';
export const strikeDelayMs = 20;
