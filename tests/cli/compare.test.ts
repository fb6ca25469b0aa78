import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../src/engine/export/experiment-schema.ts';
import type { Experiment } from '../../src/shared/experiment.ts';
import { strategyName } from '../../src/shared/strategy-name.ts';
import { verdictSentences } from '../../src/shared/verdict-sentence.ts';
import { corescope, temporaryFolder, tiny } from './corescope.ts';

function parse(text: string): Experiment {
  const parsed = parseExperiment(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

const checksumsByRuntime = new Map<string, string>();

describe.each(['node', 'python'] as const)('corescope compare --runtime %s', (runtime) => {
  it('prints the result and writes the JSON document and the report', async () => {
    const folder = temporaryFolder();
    const args = ['compare', 'count-loop', '--runtime', runtime, ...tiny, '--param', 'rounds=2'];
    const { exitCode, stdout, stderr } = await corescope(
      [...args, '--json', 'out.json', '--report', 'out.html'],
      { cwd: folder },
    );
    expect(exitCode, stderr).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['out.html', 'out.json']);

    const experiment = parse(readFileSync(path.join(folder, 'out.json'), 'utf8'));
    expect(experiment.workload).toEqual({
      id: 'count-loop',
      runtime,
      target: null,
      params: { n: 20_000, rounds: 2 },
      tasks: 2,
    });
    expect(experiment.plan).toMatchObject({
      blocks: 3,
      warmUpBlocks: 0,
      timeoutMs: 60_000,
      seed: 1,
      workerCounts: [2],
    });
    expect(experiment.interpreter?.runtime).toBe(runtime);
    expect(
      experiment.strategies.map(({ strategy, workers, runs }) => [strategy, workers, runs.length]),
    ).toEqual([
      ['serial', 1, 3],
      ['threads', 2, 3],
      ['processes', 2, 3],
    ]);
    expect(experiment.verdict.state).not.toBe('failed');
    const checksums = new Set(experiment.strategies.map(({ checksum }) => checksum));
    expect(checksums.size).toBe(1);
    checksumsByRuntime.set(runtime, String([...checksums][0]));

    const onOneLine = stdout.replaceAll(/\s+/g, ' ');
    expect(onOneLine).toContain(answerOf(experiment));
    expect(stdout).toMatch(/^serial .*\nthreads × 2 .*\nprocesses × 2 /m);
    expect(stderr).toContain('· 2 tasks · serial, threads, processes · 3 blocks + 0 warm-up · 9 runs\n');
    expect(stderr.match(/^run \d\/9 · block [123] · \w+ × [12] · /gm)).toHaveLength(9);
    expect(stderr).toMatch(/\nWrote out.json\nWrote out.html\n$/);

    const report = readFileSync(path.join(folder, 'out.html'), 'utf8');
    expect(report).toMatch(/^<!doctype html>/i);
    expect(report.trimEnd()).toMatch(/<\/html>$/);
    expect(report).toContain('<svg');
    // Self-contained: nothing is fetched when it is opened.
    expect(report).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});

/** The text has a sentence for each clause of the document's. */
function answerOf({ verdict: { recommended, answer } }: Experiment): string {
  if (recommended === null || answer === null) throw new Error('nothing is recommended');
  return verdictSentences(strategyName(recommended), answer).join(' ');
}

describe('the same work', () => {
  it('has the same checksum in both runtimes', () => {
    expect(checksumsByRuntime.get('node')).toMatch(/^[0-9a-f]{16}$/);
    expect(checksumsByRuntime.get('node')).toBe(checksumsByRuntime.get('python'));
  });
});

describe('corescope compare --json -', () => {
  it('prints the document and nothing else on stdout', async () => {
    const { exitCode, stdout, stderr } = await corescope([
      'compare',
      'sleep',
      ...['--param', 'seconds=0.02', '--workers', '4', '--tasks', '2', '--quick', '--warmup', '0'],
      ...['--strategies', 'processes,serial', '--quiet', '--json', '-'],
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const experiment = parse(stdout);
    // Two tasks have work for two workers, and the document says so.
    expect(experiment.strategies.map(({ strategy, workers }) => [strategy, workers])).toEqual([
      ['processes', 2],
      ['serial', 1],
    ]);
  });
});

describe('the seed', () => {
  it('repeats the order of the runs', async () => {
    const order = async (): Promise<readonly string[]> => {
      const { stderr } = await corescope(['compare', 'count-loop', ...tiny, '--seed', '42']);
      return [...stderr.matchAll(/^run \d\/9 · block \d · (\w+)/gm)].map(([, strategy]) => strategy ?? '');
    };
    const first = await order();
    expect(first).toHaveLength(9);
    expect(await order()).toEqual(first);
  });
});
