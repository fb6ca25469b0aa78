import path from 'node:path';

/**
 * Where the built programs lie: `vite.node.config.ts` puts them all beside the command line itself, and the Python
 * side two folders above. Nothing else in `src/cli` knows a place.
 */
const programs = import.meta.dirname;

export const files = {
  samplerWorker: path.join(programs, 'sampler-worker.js'),
  templates: path.resolve(programs, '../../resources/templates'),
  probes: path.resolve(programs, '../../resources/differences'),
  host: {
    nodeHost: path.join(programs, 'run-host.js'),
    pythonFolder: path.resolve(programs, '../../resources/python'),
  },
} as const;
