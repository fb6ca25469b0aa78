import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isMeasuringAfter } from '../../../src/main/measuring.ts';
import {
  createRecordingsService,
  type ForkedProcess,
  type RecordingsService,
} from '../../../src/main/recordings-service.ts';
import { succeed } from '../../../src/shared/result.ts';

/** A process that keeps what it is told, and answers when it is told to. */
class FakeProcess extends EventEmitter implements ForkedProcess {
  readonly pid: number;
  readonly told: string[] = [];
  readonly #ids: number[] = [];

  constructor(pid: number) {
    super();
    this.pid = pid;
  }

  postMessage(message: Parameters<ForkedProcess['postMessage']>[0]): void {
    this.told.push(message.type === 'request' ? message.name : message.type);
    if (message.type === 'request') this.#ids.push(message.id);
  }

  answer(value: string): void {
    this.emit('message', { type: 'response', id: this.#ids.shift(), result: succeed(value) });
  }

  kill(): boolean {
    this.told.push('killed');
    this.emit('exit');
    return true;
  }
}

interface Started {
  readonly service: RecordingsService;
  readonly processes: FakeProcess[];
  readonly lowered: number[];
}

function start(): Started {
  const processes: FakeProcess[] = [];
  const lowered: number[] = [];
  const service = createRecordingsService({
    preferences: { recordingsFolder: '/recordings', recordingsBudgetBytes: 1 },
    lower: (pid) => lowered.push(pid),
    fork: () => {
      const process = new FakeProcess(101 + processes.length);
      processes.push(process);
      return process;
    },
  });
  return { service, processes, lowered };
}

describe('the process that reads recordings', () => {
  it('is begun by the first question, and answers the following ones too', async () => {
    const { service, processes } = start();
    expect(processes).toHaveLength(0);
    const [first, second] = [service.ask('recordings:list', null), service.ask('recording:open', {})];
    processes[0]?.answer('a list');
    processes[0]?.answer('a recording');
    expect([await first, await second]).toEqual([succeed('a list'), succeed('a recording')]);
    expect(processes.map(({ told }) => told)).toEqual([
      ['start-recordings', 'recordings:list', 'recording:open'],
    ]);
  });

  it('steps back while something is measured, and is put away when that is over and it is idle', async () => {
    const { service, processes, lowered } = start();
    const asked = service.ask('recording:write-export', {});
    service.setMeasuring(true);
    expect(lowered).toEqual([101]);
    service.setMeasuring(false);
    expect(processes[0]?.told).not.toContain('killed');
    processes[0]?.answer('written');
    expect(await asked).toEqual(succeed('written'));
    expect(processes[0]?.told.at(-1)).toBe('killed');
    void service.ask('recordings:list', null);
    expect(processes.map(({ pid }) => pid)).toEqual([101, 102]);
  });

  it('that is begun while something is measured steps back as soon as it is there', () => {
    const { service, processes, lowered } = start();
    service.setMeasuring(true);
    void service.ask('recordings:list', null);
    expect(lowered).toEqual([]);
    processes[0]?.emit('spawn');
    expect(lowered).toEqual([101]);
  });

  it('fails those who wait when it ends, and is begun anew by the next question', async () => {
    const { service, processes } = start();
    const asked = service.ask('recording:open', {});
    processes[0]?.emit('exit');
    expect(await asked).toMatchObject({ ok: false, problem: { kind: 'recordings-exited' } });
    const again = service.ask('recording:open', {});
    processes[1]?.answer('a recording');
    expect(await again).toEqual(succeed('a recording'));
  });
});

it('an experiment is being measured from its plan to its end, whatever comes in between', () => {
  const types = [
    'planned',
    'output',
    'paused',
    'run-ended',
    'finished',
    'output',
    'progress',
    'cancelled',
  ] as const;
  let isMeasuring = false;
  const told = types.map((type) => {
    isMeasuring = isMeasuringAfter({ type }, isMeasuring);
    return isMeasuring;
  });
  expect(told).toEqual([true, true, true, true, false, false, true, false]);
});
