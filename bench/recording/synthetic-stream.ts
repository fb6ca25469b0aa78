import { seededRandom, type Random } from '../../src/engine/random.ts';
import { createFrame, writeHeader } from '../../src/shared/frame-codec.ts';
import type { EntityInfo, SamplerMessage } from '../../src/shared/sample.ts';
import type { CoreTopology } from '../../src/shared/topology.ts';

/**
 * A made-up stream of the sampler's messages with the habits of a real one: most processes sleep and do not change
 * at all; a few per cent work and change everything at every tick; memory moves in pages, CPU time in nanoseconds;
 * PSS and details are read in turns, once a second for each; processes come and go.
 */
export interface StreamOptions {
  readonly seed: number;
  readonly cores: number;
  readonly processes: number;
  readonly everyMs: number;
}

interface Row {
  readonly info: EntityInfo;
  /** Cores that it uses on average; 0 sleeps. */
  readonly appetite: number;
  cpuNs: number;
  share: number;
  waitShare: number;
  rssPages: number;
  pssKb: number;
  core: number;
  switches: number;
  faults: number;
  readBytes: number;
}

const pageBytes = 4096;
const ownRow = 1;

export interface SyntheticStream {
  /** Messages of the next tick, as the sampler would send them. */
  next(): SamplerMessage[];
}

export function createSyntheticStream({ seed, cores, processes, everyMs }: StreamOptions): SyntheticStream {
  const random = seededRandom(seed);
  const coreLoads = Array.from({ length: cores }, () => random());
  const rows: Row[] = [];
  let nextKey = 1;
  let tick = 0;
  let rootKey: number | null = null;

  function addRow(): Row {
    const key = nextKey;
    nextKey += 1;
    const kind = random();
    const row: Row = {
      info: {
        key,
        kind: 'process',
        pid: 1000 + key,
        tid: null,
        parentKey: rootKey,
        rootPid: 1000 + (rootKey ?? key),
        owner: key === ownRow + 1 ? 'corescope' : 'run',
        name: `worker-${key % 12}`,
        commandLine: `/usr/bin/worker-${key % 12} --shard ${key % 97} --input /data/part-${key}.bin`,
        user: key % 5 === 0 ? 'www-data' : 'builder',
        startedUnixMs: 1_760_000_000_000 + Math.floor(tick * everyMs),
      },
      appetite: kind < 0.06 ? 0.3 + random() * 0.7 : kind < 0.16 ? 0.002 : 0,
      cpuNs: Math.floor(random() * 1e9),
      share: 0,
      waitShare: 0,
      rssPages: 500 + Math.floor(random() * 40_000),
      pssKb: Number.NaN,
      core: Math.floor(random() * cores),
      switches: Math.floor(random() * 1e5),
      faults: Math.floor(random() * 1e5),
      readBytes: Math.floor(random() * 1e9),
    };
    rootKey ??= key;
    rows.push(row);
    return row;
  }

  function live(row: Row): void {
    if (row.appetite === 0 || (row.appetite < 0.01 && random() < 0.9)) {
      row.share = 0;
      row.waitShare = 0;
      return;
    }
    const usedNs = Math.floor(row.appetite * everyMs * 1e6 * (0.8 + random() * 0.4));
    row.cpuNs += usedNs;
    row.share = usedNs / (everyMs * 1e6);
    row.waitShare = random() < 0.3 ? random() * 0.05 : 0;
    if (random() < 0.4) row.rssPages = Math.max(100, row.rssPages + Math.floor((random() - 0.45) * 64));
    if (random() < 0.1) row.core = Math.floor(random() * cores);
    row.switches += Math.floor(random() * 20);
    row.faults += Math.floor(random() * 10);
    if (random() < 0.2) row.readBytes += pageBytes * Math.floor(random() * 30);
  }

  return {
    next() {
      const messages: SamplerMessage[] = [];
      if (tick === 0) messages.push({ type: 'topology', topology: topologyOf(cores) });
      const appeared: EntityInfo[] = [];
      const goneKeys: number[] = [];
      while (rows.length < processes) appeared.push(addRow().info);
      // One of them a second, wherever it stands in the list; never the root or our own.
      if (tick > 0 && tick % Math.max(1, Math.round(1000 / everyMs)) === 0 && rows.length > 2) {
        const [gone] = rows.splice(2 + Math.floor(random() * (rows.length - 2)), 1);
        if (gone !== undefined) goneKeys.push(gone.info.key);
        appeared.push(addRow().info);
      }
      if (appeared.length > 0) messages.push({ type: 'entities', appeared, goneKeys });
      for (const row of rows) live(row);
      messages.push({ type: 'frame', buffer: frameOf(rows, coreLoads, tick, everyMs, random) });
      tick += 1;
      return messages;
    },
  };
}

function frameOf(
  rows: readonly Row[],
  coreLoads: number[],
  tick: number,
  everyMs: number,
  random: Random,
): ArrayBuffer {
  const turns = Math.max(1, Math.round(1000 / everyMs));
  const detailed = rows.filter(({ info }) => info.key % turns === tick % turns);
  const size = { cores: coreLoads.length, rows: rows.length, details: detailed.length };
  const { buffer, columns } = createFrame(size);
  coreLoads.forEach((before, core) => {
    // Loads wander, and jump now and then, as when work begins and ends.
    const load = random() < 0.01 ? random() : before + (random() - 0.5) * 0.1;
    const busy = Math.min(1, Math.max(0, load));
    coreLoads[core] = busy;
    columns.coreBusy[core] = busy;
    // The kernel counts these in ticks of 10 ms.
    columns.coreUser[core] = Math.round(busy * 0.9 * 10) / 10;
    columns.coreSystem[core] = Math.round(busy * 0.1 * 10) / 10;
    columns.coreIowait[core] = 0;
    columns.coreIrq[core] = random() < 0.02 ? 0.1 : 0;
    columns.coreSteal[core] = 0;
    if (tick % turns === 0) columns.coreMhz[core] = 2400 + Math.round(random() * 1_000_000) / 1000;
  });
  const totals = { share: 0, cpuNs: 0, rss: 0, pss: 0 };
  rows.forEach((row, index) => {
    if (row.info.key % turns === tick % turns) row.pssKb = Math.floor(row.rssPages * 3.1);
    columns.keys[index] = row.info.key;
    columns.cpuShare[index] = row.share;
    columns.totalCpuShare[index] = row.share;
    columns.cpuMs[index] = row.cpuNs / 1e6;
    columns.totalCpuMs[index] = row.cpuNs / 1e6;
    columns.waitShare[index] = row.waitShare;
    columns.rssBytes[index] = row.rssPages * pageBytes;
    columns.totalRssBytes[index] = row.rssPages * pageBytes;
    columns.pssBytes[index] = row.pssKb * 1024;
    columns.totalPssBytes[index] = row.pssKb * 1024;
    columns.lastCore[index] = row.core;
    if (row.info.owner === 'corescope') return;
    totals.share += row.share;
    totals.cpuNs += row.cpuNs;
    totals.rss += row.rssPages * pageBytes;
    totals.pss += row.pssKb * 1024;
  });
  // The root stands first.
  columns.totalCpuShare[0] = totals.share;
  columns.totalCpuMs[0] = totals.cpuNs / 1e6;
  columns.totalRssBytes[0] = totals.rss;
  columns.totalPssBytes[0] = totals.pss;
  detailed.forEach((row, index) => {
    columns.detailKeys[index] = row.info.key;
    columns.state[index] = (row.share > 0 ? 'R' : 'S').charCodeAt(0);
    columns.userMs[index] = Math.floor(row.cpuNs / 1e7) * 10;
    columns.systemMs[index] = Math.floor(row.cpuNs / 1e8) * 10;
    columns.waitedForMs[index] = 0;
    columns.ussBytes[index] = Math.floor(row.rssPages * 0.8) * pageBytes;
    columns.swapBytes[index] = 0;
    columns.peakRssBytes[index] = (row.rssPages + 100) * pageBytes;
    columns.threadCount[index] = 1 + (row.info.key % 8);
    columns.voluntarySwitches[index] = row.switches;
    columns.involuntarySwitches[index] = Math.floor(row.switches / 10);
    columns.minorFaults[index] = row.faults;
    columns.majorFaults[index] = 0;
    columns.readBytes[index] = row.readBytes;
    columns.writtenBytes[index] = 0;
    columns.openFiles[index] = 12 + (row.info.key % 30);
    columns.migrations[index] = Math.floor(row.switches / 50);
  });
  writeHeader(buffer, {
    sequence: tick + 1,
    atMs: tick * everyMs + Math.floor(random() * 1e5) / 1e6,
    latenessMs: Math.floor(random() * 1e5) / 1e6,
    missedTicks: 0,
    droppedFrames: 0,
    requestedEveryMs: everyMs,
    everyMs,
    coreWindowMs: 1000,
    coreErrorShare: 0.0071,
    throttledShare: Number.NaN,
    ownCpuShare: 0.01 + Math.floor(random() * 1000) / 1e5,
    ownRssBytes: 60_000_000 + pageBytes * Math.floor(random() * 50),
  });
  return buffer;
}

function topologyOf(cores: number): CoreTopology {
  return {
    cores: Array.from({ length: cores }, (_, index) => ({
      index,
      online: true,
      socket: 0,
      numaNode: 0,
      physicalCore: Math.floor(index / 2),
      cacheGroup: Math.floor(index / 8),
      kind: null,
      maxMhz: 3400,
      usable: true,
    })),
    usable: {
      count: cores,
      boundBy: 'machine',
      onlineCores: cores,
      affinityCores: cores,
      cpusetCores: null,
      quotaCores: null,
    },
    kernelTickMs: 10,
  };
}
