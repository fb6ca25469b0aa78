import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { corescope, temporaryFolder } from './corescope.ts';

const line = z.object({
  type: z.literal('event'),
  event: z.object({
    type: z.literal('marker'),
    source: z.string(),
    marker: z.object({ name: z.string(), values: z.record(z.string(), z.string()) }),
  }),
});

it.each(['serial', 'threads', 'processes', 'process-pool', 'thread-pool'])(
  'marks that a module sets under %s are markers of the recording, with their details',
  async (strategy) => {
    const folder = temporaryFolder();
    writeFileSync(
      path.join(folder, 'task.mjs'),
      `export default ({ task }) => {
         performance.mark('loaded', { detail: { rows: 7, file: 'a b', task } });
         console.log('epoch ' + task);
         return task;
       };\n`,
    );
    const file = path.join(folder, 'marks.corescope');
    const workers = strategy === 'serial' ? '1' : '2';
    const ran = await corescope(
      [
        'run',
        './task.mjs',
        '--strategy',
        strategy,
        '--workers',
        workers,
        '--tasks',
        '2',
        '--record',
        file,
      ].concat(['--marker', '^epoch (?<name>\\d)$']),
      { cwd: folder },
    );
    expect(ran.exitCode, ran.stderr).toBe(0);
    const { stdout } = await corescope(['export', file, '--to', 'ndjson', '-o', '-']);
    const markers = stdout
      .split('\n')
      .filter((text) => text.includes('"type":"marker"'))
      .map((text) => line.parse(JSON.parse(text)).event)
      .map(({ source, marker }) => {
        // Which worker takes which task is a matter of chance in a pool.
        const values = Object.entries(marker.values).filter(([name]) => name !== 'worker');
        return `${source} ${marker.name} ${JSON.stringify(Object.fromEntries(values))}`;
      });
    expect(markers.sort()).toEqual([
      'pattern 0 {}',
      'pattern 1 {}',
      'performance-mark loaded {"rows":"7","file":"a b","task":"0"}',
      'performance-mark loaded {"rows":"7","file":"a b","task":"1"}',
    ]);
  },
);
