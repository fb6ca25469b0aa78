import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { corescope, projectRoot, startCorescope, temporaryFolder, tiny } from './corescope.ts';

const real = path.join(projectRoot, 'tests/fixtures/recordings/1/shell.corescope');

describe('a comparison that is recorded', () => {
  it('leaves one recording with every run as a phase, which opens, exports and compares', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.corescope');
    const compared = await corescope(['compare', 'count-loop', ...tiny, '--record', file]);
    expect(compared.exitCode, compared.stderr).toBe(0);
    expect(compared.stderr).toContain(`Recorded ${file}`);

    const opened = await corescope(['open', file, '--json']);
    const { phases, manifest } = z
      .object({
        phases: z.array(z.object({ kind: z.string(), name: z.string(), ended: z.boolean() })),
        manifest: z.object({ workload: z.string(), interpreter: z.object({ runtime: z.string() }) }),
      })
      .parse(JSON.parse(opened.stdout));
    expect(phases.filter(({ kind, ended }) => kind === 'run' && ended)).toHaveLength(9);
    expect(manifest).toEqual({ workload: 'count-loop', interpreter: { runtime: 'node' } });

    const exported = await corescope(['export', file, '--to', 'ndjson', '-o', '-']);
    expect(exported.stdout.split('\n')[0]).toContain('"type":"recording"');
    const beside = await corescope(['export', file, '--to', 'html']);
    expect(beside.exitCode, beside.stderr).toBe(0);
    expect(existsSync(path.join(folder, 'a.html'))).toBe(true);

    const same = await corescope(['compare-recordings', file, file]);
    expect(same.stdout).toContain('The same work on the same machine.');
    const unlike = await corescope(['compare-recordings', file, real]);
    expect(unlike.stdout).toContain('NOT COMPARABLE');

    const again = await corescope(['compare', 'count-loop', ...tiny, '--record', file]);
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringContaining('exists already')]);
  }, 60_000);
});

describe('what is no whole recording', () => {
  it('is named with the next step, and the exit code says whether anything could be read', async () => {
    const folder = temporaryFolder();
    const bytes = readFileSync(real);
    const damaged = Buffer.from(bytes);
    damaged.fill(0, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 200);
    const cases: readonly (readonly [name: string, content: Uint8Array | null, exitCode: number])[] = [
      ['missing', null, 2],
      ['empty', new Uint8Array(), 2],
      ['foreign', Buffer.from('name,value\n1,2\n'), 2],
      ['cut', bytes.subarray(0, bytes.length - 100), 3],
      ['damaged', damaged, 3],
    ];
    for (const [name, content, exitCode] of cases) {
      const file = path.join(folder, `${name}.corescope`);
      if (content !== null) writeFileSync(file, content);
      const ended = await corescope(['export', file, '--to', 'csv', '-o', path.join(folder, `${name}.csv`)]);
      expect([name, ended.exitCode], ended.stderr).toEqual([name, exitCode]);
      expect(ended.stderr).toContain(file);
    }
  }, 30_000);

  it('is told for a wrong format, time or tool too', async () => {
    const format = await corescope(['export', real, '--to', 'xml']);
    expect([format.exitCode, format.stderr]).toEqual([2, expect.stringContaining('Choose one of: csv,')]);
    const time = await corescope(['export', real, '--to', 'csv', '--from', 'noon']);
    expect([time.exitCode, time.stderr]).toEqual([2, expect.stringContaining('--from noon')]);
    const foreign = await corescope(['import', real]);
    expect([foreign.exitCode, foreign.stderr]).toEqual([
      2,
      expect.stringContaining('hyperfine --export-json'),
    ]);
  }, 30_000);
});

describe('serve --metrics', () => {
  it('tells the cores and a watched process on loopback, and nothing under another name', async () => {
    const { child, ended, stderr } = startCorescope([
      'serve',
      '--metrics',
      '--port',
      '0',
      '--every',
      '100',
      '--pid',
      String(process.pid),
    ]);
    try {
      const url = await until(() => /http:\S+/.exec(stderr())?.[0]);
      const text = await until(async () => {
        const answer = await fetch(url, { headers: { accept: 'application/openmetrics-text' } });
        const body = await answer.text();
        return body.includes(`corescope_process_rss_bytes{pid="${process.pid}"`) ? body : undefined;
      });
      expect(text).toContain('corescope_build_info{version=');
      expect(text.endsWith('# EOF\n')).toBe(true);
      expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
    } finally {
      child.kill('SIGINT');
    }
    expect((await ended).exitCode).toBe(0);
  }, 30_000);

  const prometheus = '/usr/bin/prometheus';
  it.skipIf(!existsSync(prometheus))(
    'is scraped by a real Prometheus (Debian: prometheus)',
    async () => {
      const folder = temporaryFolder();
      const served = startCorescope(['serve', '--metrics', '--port', '0', '--pid', String(process.pid)]);
      onTestFinished(() => void served.child.kill('SIGINT'));
      const { host } = new URL(await until(() => /http:\S+/.exec(served.stderr())?.[0]));
      const config = path.join(folder, 'prometheus.yml');
      writeFileSync(
        config,
        `scrape_configs: [{ job_name: corescope, scrape_interval: 1s, scrape_timeout: 1s, static_configs: [{ targets: ['${host}'] }] }]`,
      );
      const address = `127.0.0.1:${await freePort()}`;
      const scraper = spawn(
        prometheus,
        [
          `--config.file=${config}`,
          `--storage.tsdb.path=${path.join(folder, 'data')}`,
          `--web.listen-address=${address}`,
        ],
        { stdio: 'ignore' },
      );
      try {
        const valuesOf = async (query: string): Promise<readonly string[] | undefined> => {
          const asked = `http://${address}/api/v1/query?query=${encodeURIComponent(query)}`;
          const answer = await fetch(asked).catch(() => null);
          if (answer?.ok !== true) return undefined;
          const { data } = scraped.parse(await answer.json());
          return data.result.length === 0 ? undefined : data.result.map(({ value }) => value[1]);
        };
        expect(await until(() => valuesOf('up{job="corescope"} == 1'))).toEqual(['1']);
        const rss = await until(() => valuesOf(`corescope_process_rss_bytes{pid="${process.pid}"}`));
        expect(Number(rss[0])).toBeGreaterThan(20e6);
        expect((await until(() => valuesOf('corescope_core_busy_ratio'))).length).toBe(os.cpus().length);
      } finally {
        const gone = once(scraper, 'exit');
        scraper.kill('SIGTERM');
        await gone;
      }
    },
    60_000,
  );
});

const scraped = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

async function until<Value>(ask: () => Value | undefined | Promise<Value | undefined>): Promise<Value> {
  const endsMs = Date.now() + 15_000;
  while (Date.now() < endsMs) {
    const value = await ask();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not happen within 15 s');
}
