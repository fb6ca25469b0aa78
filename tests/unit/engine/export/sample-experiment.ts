import { experimentSchemaId, type Experiment } from '../../../../src/shared/experiment.ts';
import type { RunTrace } from '../../../../src/engine/analysis/trace.ts';
import { concludeDrawing, lockedPython } from '../analysis/drawn-experiment.ts';

const pythonLoop = `
  strategy    | walls by block           | cores | start-up ms | PSS MB
  serial      | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12
  threads×2   | 1015 1012 1000 1031 x    | 1.01  | 0.6         | 12.5
  processes×2 | 538  541  533  551  536  | 1.93  | 31          | 36`;

/** An experiment from drawn runs, judged by the real code; everything else is made up. */
export function experimentFrom(drawing: string = pythonLoop): Experiment {
  return {
    schema: experimentSchemaId,
    corescopeVersion: '0.1.0',
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 12_345.678,
    machine: {
      os: 'Debian GNU/Linux 12',
      kernel: '6.1.0',
      arch: 'x64',
      cpuModel: 'Example CPU',
      logicalCores: 2,
      physicalCores: null,
      memoryBytes: 8e9,
      virtualization: null,
    },
    interpreter: lockedPython,
    workload: { id: 'count-loop', runtime: 'python', target: null, params: { n: 10_000_000 }, tasks: 2 },
    plan: {
      blocks: 5,
      warmUpBlocks: 1,
      timeoutMs: 60_000,
      seed: 7,
      startMethod: null,
      workerCounts: [2],
      adaptive: null,
      prepareCommand: null,
      cleanupCommand: null,
    },
    readiness: [],
    sampling: {
      requestedEveryMs: 100,
      achievedEveryMs: 100.25,
      missedTicks: 3,
      ownCpuShare: 0.021,
      ownRssBytes: null,
    },
    ...concludeDrawing(drawing),
  };
}

/**
 * The samples of one run drawn as a picture: a line per core, a character per 100 ms, `0` to `9` for 0 to 90 % busy,
 * `#` for 100 %, `?` for unknown. A blank is a sample that was not taken. The run lasts as long as the lines.
 */
export function traceFrom(picture: string, run: Partial<RunTrace> = {}): RunTrace {
  const lines = picture
    .split('\n')
    .map((line) => line.trim().replace(/^\|/, '').replace(/\|$/, ''))
    .filter((line) => line !== '');
  const ticks = Array.from({ length: lines[0]?.length ?? 0 }, (_, tick) => tick).filter((tick) =>
    lines.some((line) => line[tick] !== ' '),
  );
  const startMs = 5000;
  return {
    order: 1,
    block: 1,
    warmUp: false,
    strategy: 'serial',
    workers: 1,
    hostStartMs: startMs,
    workStartMs: startMs + 100,
    workEndMs: startMs + (lines[0]?.length ?? 0) * 100,
    endMs: startMs + (lines[0]?.length ?? 0) * 100,
    coreCount: lines.length,
    sampleMs: ticks.map((tick) => startMs + (tick + 1) * 100),
    coreBusy: ticks.map((tick) => Float64Array.from(lines, (line) => shareOf(line[tick] ?? ' '))),
    rssBytes: ticks.map(() => 1e6),
    pssBytes: ticks.map(() => Number.NaN),
    cpuShare: ticks.map(() => 1),
    ...run,
  };
}

function shareOf(character: string): number {
  return character === '#' ? 1 : Number.parseInt(character, 10) / 10;
}
