import { existsSync } from 'node:fs';
import { createSessionClock } from '../../engine/clock.ts';
import { describeMachine } from '../../engine/machine.ts';
import { findNode, findPython, listPythons, type ListedPython } from '../../engine/runner/interpreters.ts';
import { loadNativeLibrary, nativeLibraryOf } from '../../engine/sampler/linux/native-library.ts';
import { createSamplerWorker } from '../../engine/sampler/remote.ts';
import type { MachineInfo } from '../../shared/experiment.ts';
import { formatBytes, formatDuration } from '../../shared/format.ts';
import type { InterpreterChoice } from '../../shared/ipc.ts';
import { fail, succeed, type Problem, type Result } from '../../shared/result.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import { files } from '../files.ts';
import { drawCores } from '../progress-text.ts';
import { RunWatch } from '../run-watch.ts';
import { exitCodes, lineWidth, type Colours, type Terminal } from '../terminal.ts';
import { describeUsable, drawMetrics, examineSampling } from './metrics.ts';

interface Finding {
  readonly subject: string;
  readonly result: Result<string>;
}

/** Far longer than a first frame with core loads takes (about 0.3 s). */
const firstFrameTimeoutMs = 5_000;

/**
 * Tells what is here and what is missing, one line each, and what the sampler can read. Answers 1 where something is
 * missing that a comparison needs; a metric that this system does not tell is none of these.
 */
export async function examine(
  options: { readonly python?: string | undefined; readonly json?: true | undefined },
  terminal: Terminal,
): Promise<number> {
  // One after the other: the sampler's own figures are only telling on a machine that is not kept busy by us.
  const machine = await describeMachine();
  const { metrics, topology } = examineSampling();
  const findings: readonly Finding[] = [
    { subject: 'machine', result: succeed(describeSystem(machine)) },
    { subject: 'cores', result: succeed(describeCores(machine, topology)) },
    { subject: 'node', result: describeInterpreter(await findNode()) },
    { subject: 'python', result: describeInterpreter(await findPython(options.python ?? null)) },
    { subject: 'hosts', result: findHostFiles() },
    { subject: 'sampler', result: await readFirstFrame() },
    { subject: 'glances', result: succeed(describeGlances()) },
  ];
  const pythons = await listPythons();
  const text = options.json
    ? JSON.stringify({ findings: findings.map(toJson), pythons, topology, metrics }, null, 2)
    : [
        ...findings.map((finding) => describeFinding(finding, terminal.outColours)),
        '',
        ...(pythons.length === 0
          ? []
          : ['Pythons that --python can name:', ...pythons.map(describeListed), '']),
        drawMetrics(metrics, lineWidth(terminal.out), terminal.outColours),
      ].join('\n');
  terminal.out.write(`${text}\n`);
  return findings.every(({ result }) => result.ok) ? exitCodes.success : exitCodes.unhealthy;
}

function toJson({ subject, result }: Finding): object {
  return result.ok
    ? { subject, ok: true, text: result.value }
    : { subject, ok: false, problem: result.problem };
}

function describeFinding({ subject, result }: Finding, colours: Colours): string {
  const label = subject.padEnd(8);
  return result.ok
    ? `${colours.green('✓')} ${colours.bold(label)} ${result.value}`
    : `${colours.red('✗')} ${colours.bold(label)} ${result.problem.message}\n${' '.repeat(11)}${result.problem.advice}`;
}

function describeSystem({ os, kernel, arch, cpuModel, memoryBytes, virtualization }: MachineInfo): string {
  const parts = [os, kernel, arch, cpuModel, formatBytes(memoryBytes)];
  return [...parts, ...(virtualization === null ? [] : [virtualization])].join(' · ');
}

function describeCores({ physicalCores }: MachineInfo, topology: CoreTopology): string {
  const physical = physicalCores === null ? '' : ` · ${physicalCores} physical`;
  return `${describeUsable(topology)}${physical}`;
}

function describeInterpreter(found: Result<InterpreterChoice>): Result<string> {
  return found.ok ? succeed(describeChoice(found.value)) : found;
}

function describeChoice(choice: InterpreterChoice & { readonly freeThreadedBuild?: boolean | null }): string {
  const { version, implementation, gilEnabled, path } = choice;
  const build = choice.freeThreadedBuild === true ? ', free-threaded build' : '';
  const lock = gilEnabled === null ? '' : gilEnabled ? ', GIL on' : ', GIL off';
  return `${version} (${implementation}${build}${lock}) · ${path}`;
}

/** From pyenv, environments, conda and PATH; one that will not do is listed with the reason. */
export function describeListed(listed: ListedPython): string {
  const origins = listed.origins.join(', ');
  return listed.state === 'usable'
    ? `✓ ${describeChoice(listed.python)} · ${origins}`
    : `– ${listed.path} · ${origins}: ${listed.problem.message}`;
}

function findHostFiles(): Result<string> {
  const missing = [files.host.nodeHost, files.host.pythonFolder, files.samplerWorker].filter(
    (file) => !existsSync(file),
  );
  if (missing.length === 0) return succeed('the programs that carry the runs are here');
  return fail('not-built', `Missing: ${missing.join(', ')}.`, 'Build them with: npm run build');
}

/** Starts the sampler as a comparison does, on this very process, until it has told the load of every core. */
async function readFirstFrame(): Promise<Result<string>> {
  const clock = createSessionClock();
  const watch = new RunWatch();
  let reportFailure: (problem: Problem) => void = () => undefined;
  const sampler = createSamplerWorker({
    workerFile: files.samplerWorker,
    clockOrigin: { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs },
    everyMs: 100,
    onFailure: (problem) => reportFailure(problem),
  });
  try {
    return await new Promise<Result<string>>((resolve) => {
      const timer = setTimeout(() => resolve(noFrame()), firstFrameTimeoutMs);
      const settle = (result: Result<string>): void => {
        clearTimeout(timer);
        resolve(result);
      };
      reportFailure = (problem) => settle({ ok: false, problem });
      sampler.watch({ pid: process.pid, owner: 'run' });
      sampler.subscribe((message) => {
        watch.receive(message);
        const glance = message.type === 'frame' ? watch.glance(process.pid) : null;
        if (glance === null || !glance.coreBusy.some((share) => !Number.isNaN(share))) return;
        const pss = Number.isNaN(glance.pssBytes) ? 'resident sizes only' : 'shared memory told apart (PSS)';
        const after = formatDuration(clock.nowMs());
        settle(succeed(`${drawCores(glance.coreBusy, 64)} after ${after} · memory: ${pss}`));
      });
    });
  } finally {
    await sampler.stop();
  }
}

/** Which of the two ways of looking at a quiet tree is used here. Both tell the same, so neither is a fault. */
function describeGlances(): string {
  const library = nativeLibraryOf(files.samplerWorker);
  const loaded = loadNativeLibrary(library);
  return loaded.ok
    ? `a quiet tree is read by native code between two frames sent · ${library}`
    : `a quiet tree is read in JavaScript, which costs more: ${loaded.problem.message} ${loaded.problem.advice}`;
}

function noFrame(): Result<never> {
  return fail(
    'no-sample',
    `The sampler told no core load within ${formatDuration(firstFrameTimeoutMs)}.`,
    'Close what keeps the machine busy and try again.',
  );
}
