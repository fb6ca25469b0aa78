import Table from 'cli-table3';
import { createSystemReader } from '../../engine/sampler/default-reader.ts';
import { createRunCgroup } from '../../engine/runner/run-cgroup.ts';
import { cannotRead, type MetricCapability } from '../../engine/sampler/capability.ts';
import { measureCosts } from '../../engine/sampler/measure-costs.ts';
import { formatDuration, notAvailable } from '../../shared/format.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import type { Colours } from '../terminal.ts';
import { noLines } from '../../engine/export/table-lines.ts';

/** A metric, and what one reading of it took here; null where it could not be timed. */
export interface ExaminedMetric extends MetricCapability {
  readonly measuredMicroseconds: number | null;
}

export interface ExaminedSampling {
  readonly metrics: readonly ExaminedMetric[];
  readonly topology: CoreTopology;
}

/** Asks the sampler's own reader, in this process. Takes a quarter of a second. */
export function examineSampling(): ExaminedSampling {
  let skippedMs = 0;
  const reader = createSystemReader({ nowMs: () => performance.now() + skippedMs });
  try {
    reader.readCoreTimes();
    const topology = reader.readTopology(null);
    const costs = measureCosts({ reader, skip: (milliseconds) => (skippedMs += milliseconds) });
    const canGroup = canMakeGroup();
    const metrics = reader
      .capabilities()
      .map((each) => (each.metric === 'unattributed-cpu' && !canGroup ? lackGroup(each) : each))
      .map((each) => ({ ...each, measuredMicroseconds: costs.get(each.metric) ?? null }));
    return { metrics, topology };
  } finally {
    reader.close?.();
  }
}

/** Makes one as a run does, and takes it away again. */
function canMakeGroup(): boolean {
  const group = createRunCgroup('doctor');
  group?.remove();
  return group !== null;
}

function lackGroup({ metric, source }: MetricCapability): MetricCapability {
  return cannotRead(
    metric,
    source,
    'a control group of one’s own: systemd-run --user --scope -p Delegate=yes, or root',
  );
}

const bounds = {
  machine: 'that is all there are',
  affinity: 'the affinity of this process allows no more',
  cpuset: 'the cpuset of its control group allows no more',
  quota: 'the quota of its control group allows no more',
} as const;

export function describeUsable({ usable }: CoreTopology): string {
  const { count, boundBy, onlineCores, quotaCores } = usable;
  const quota = quotaCores === null ? '' : `, CPU time of ${quotaCores} cores`;
  return `${count} usable of ${onlineCores} online (${bounds[boundBy]}${quota})`;
}

/** Wide enough for the longest path of each column: a path is not to be broken. What is left goes to the other two. */
const [nameColumns, sourceColumns, costColumns] = [26, 34, 16];
const leastColumns = 116;

/** One row per metric, wrapped to the width. Costs with a tilde were not measured here, but by the project. */
export function drawMetrics(metrics: readonly ExaminedMetric[], columns: number, colours: Colours): string {
  const rest = Math.max(leastColumns, columns) - nameColumns - sourceColumns - costColumns;
  const resolutionColumns = Math.floor(rest / 2);
  const table = new Table({
    head: ['metric', 'source', 'resolution', 'cost', 'would be better with'].map((title) =>
      colours.dim(title),
    ),
    colWidths: [nameColumns, sourceColumns, resolutionColumns, costColumns, rest - resolutionColumns],
    wordWrap: true,
    chars: { ...noLines, middle: ' ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1 },
  });
  for (const metric of metrics) {
    const mark = metric.available ? colours.green('✓') : colours.yellow('–');
    table.push([
      `${mark} ${metric.name}`,
      metric.source,
      metric.available ? metric.resolution : notAvailable,
      describeCost(metric),
      metric.unlock ?? '',
    ]);
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function describeCost({ measuredMicroseconds, cost }: ExaminedMetric): string {
  if (measuredMicroseconds !== null) return formatDuration(measuredMicroseconds / 1000);
  return cost === '' ? '' : `~ ${cost}`;
}
