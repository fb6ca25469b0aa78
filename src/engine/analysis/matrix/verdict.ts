import type {
  Estimate,
  Objective,
  VerdictAnswer,
  VerdictReason,
} from '../../../shared/experiment-analysis.ts';
import { asSentence, formatBytes, formatDuration } from '../../../shared/format.ts';
import { verdictSentence } from '../../../shared/verdict-sentence.ts';
import type { Stopping } from '../inference/median-interval.ts';
import { medianOf } from '../inference/select.ts';
import type { WeightsBySize } from '../inference/median-weights.ts';
import type { NoiseFloor } from '../inference/noise-floor.ts';
import { isBeyondNoise, pairedRatio } from '../inference/paired-ratio.ts';
import { cellName, knownValues, type MeasuredColumn } from '../measurements.ts';
import { intervalWords, joinWords, ratioDigits } from '../wording.ts';
import { fastestOf, isLeaner, type Candidate } from './candidate.ts';
import type { MatrixCause } from './causes.ts';
import { costReasons } from './cost-words.ts';
import { causeReasons, explainedCells, lockedCell, lockReasons } from './explanation.ts';
import type { CellAnalysis, StrategyAnalysis } from './findings.ts';
import { choose, type Choice } from './objectives.ts';
import { isGainDoubtful } from './mechanism.ts';
import { paretoFront } from './pareto.ts';

export interface MatrixVerdict {
  /**
   * `winner`: one strategy is faster beyond noise than every other; `no-difference`: others cannot be told apart from
   * the fastest, or are recommended though it is faster, for nothing that was measured explains its gain
   * (`isGainDoubtful`); `failed`: nothing can be said. What is recommended depends on the objective as well.
   */
  readonly state: 'winner' | 'no-difference' | 'failed';
  readonly objective: Objective;
  readonly recommended: { readonly strategy: string; readonly workers: number } | null;
  /** Names of the cells that cannot be told apart from the fastest, or for no reason; the fastest first. */
  readonly tied: readonly string[];
  /** Names of the cells that no other one beats in time, memory and isolation. */
  readonly pareto: readonly string[];
  /** By name: wall / wall of the fastest, paired by block; exactly 1 for the fastest. */
  readonly ratios: ReadonlyMap<string, Estimate>;
  readonly cause: MatrixCause;
  /** The answer: what, by how much with its interval, why, at what cost. */
  readonly sentence: string;
  /** The same in its parts; null where nothing is recommended. */
  readonly answer: VerdictAnswer | null;
  readonly wouldChange: string;
  readonly holdsFor: string;
  readonly evidence: readonly string[];
}

export const holdsFor = 'This holds for this machine, this input and this build.';

export interface VerdictInput {
  readonly cells: readonly CellAnalysis[];
  readonly strategies: readonly StrategyAnalysis[];
  readonly noise: NoiseFloor | null;
  readonly objective: Objective;
  readonly stopping: Stopping;
  readonly weightsOf: WeightsBySize;
}

/**
 * The answer of a matrix. A strategy wins where its fastest cell is faster beyond noise than every cell of every other
 * strategy. As each interval holds the truth in 95 %, and all have to agree, equal strategies get a winner in at most 5 %
 * (tests: 2 to 6 strategies, fixed and adaptive blocks).
 */
export function judgeMatrix(input: VerdictInput): MatrixVerdict {
  const { objective, noise } = input;
  const candidates = findCandidates(input);
  if (candidates.length === 0) return failed(objective);
  const fastest = fastestOf(candidates);
  const choice = choose(objective, candidates);
  // Where a doubted one costs more than what is recommended, the gain over it decides nothing and stands as it is.
  const isAmongTied = ({ isTied, isDoubted }: Candidate): boolean =>
    isTied || (isDoubted && choice.candidate.isDoubted);
  const tied = [
    fastest,
    ...candidates.filter((candidate) => isAmongTied(candidate) && candidate !== fastest),
  ];
  const strategies = new Set(tied.map(({ cell }) => cell.strategy));
  const { cell } = choice.candidate;
  const analysis = input.cells.find((other) => other.cell === cell);
  const explained = explainedCells(choice.candidate.cell, input.cells);
  const locked = lockedCell(choice.candidate, explained, input.cells);
  const reasons = [...(locked === null ? [] : [locked]), ...explained];
  const noiseRatio = noise?.noiseRatio ?? 1;
  const front = paretoFront(candidates, (first, second) => {
    const ratio = pairedRatio(second.cell.runs, first.cell.runs, input.weightsOf, input.stopping);
    return ratio !== null && isBeyondNoise(ratio, noiseRatio);
  });
  const answer = answerOf(choice, fastest, tied, candidates, analysis, [
    ...causeReasons(explained, cell),
    ...lockReasons(locked),
  ]);
  const alone = new Set(candidates.map((candidate) => candidate.cell.strategy)).size === 1;
  return {
    state: strategies.size > 1 || alone ? 'no-difference' : 'winner',
    objective,
    recommended: { strategy: cell.strategy, workers: cell.workers },
    tied: tied.map((candidate) => cellName(candidate.cell)),
    pareto: front.map((candidate) => cellName(candidate.cell)),
    ratios: new Map(candidates.map((candidate) => [cellName(candidate.cell), candidate.ratio])),
    cause: reasons[0]?.cause.cause ?? 'unclear',
    sentence: verdictSentence(cellName(cell), answer),
    answer,
    wouldChange: whatWouldChange(choice, fastest, input),
    holdsFor,
    evidence: [
      // What is missing would elsewhere be about a rule that was not needed.
      ...reasons.flatMap(({ cause }) => (cause.cause === 'unclear' ? cause.missing : cause.evidence)),
      ...describeNoise(noise),
      ...describeLeftOut(input.cells, candidates),
    ].map(asSentence),
  };
}

function findCandidates({ cells, noise, stopping, weightsOf }: VerdictInput): Candidate[] {
  const timed = cells.flatMap(({ cell, wallMs }) => (wallMs === null ? [] : [{ cell, wallMs }]));
  if (timed.length === 0) return [];
  const fastest = fastestOf(timed);
  return timed.flatMap(({ cell, wallMs }): Candidate[] => {
    const isFastest = cell === fastest.cell;
    const ratio = pairedRatio(cell.runs, fastest.cell.runs, weightsOf, stopping);
    if (ratio === null) return [];
    const isTied = isFastest || !isBeyondNoise(ratio, noise?.noiseRatio ?? 1);
    return [
      {
        cell,
        wallMs,
        ratio: isFastest ? { median: 1, ci95: [1, 1] } : ratio,
        isTied,
        isDoubted: !isTied && isGainDoubtful(cell, fastest.cell, ratio, { weightsOf, stopping }),
        ...memoryOf(cell),
        cpuSeconds: medianOrNull(cell, 'cpuSeconds'),
      },
    ];
  });
}

function answerOf(
  choice: Choice,
  fastest: Candidate,
  tied: readonly Candidate[],
  candidates: readonly Candidate[],
  analysis: CellAnalysis | undefined,
  causes: readonly VerdictReason[],
): VerdictAnswer {
  const { candidate, isMet, rule } = choice;
  const others = tied.filter((other) => other !== candidate);
  const serial = candidates.find(({ cell }) => cell.strategy === 'serial') ?? null;
  const speedup = analysis?.scaling?.speedup ?? null;
  const reasons: VerdictReason[] = [];
  const isNearest = candidate.isTied || candidate.isDoubted;
  if (candidate.isTied && others.length > 0) {
    const clause =
      `there is no detectable difference in time to ${joinWords(others.map(({ cell }) => cellName(cell)))}` +
      tieRatio(candidate, others, fastest) +
      cheaperWords(candidate, others);
    reasons.push({ about: 'tie', clause });
  }
  if (candidate.isDoubted) {
    reasons.push({
      about: 'doubt',
      clause: doubtWords(candidate, fastest) + cheaperWords(candidate, others),
    });
  }
  if (!isNearest) {
    const clause =
      `it takes ${ratioDigits(candidate.ratio.median)} times as long as ${cellName(fastest.cell)}, the fastest ` +
      `(95 % interval ${intervalWords(candidate.ratio)})`;
    reasons.push({ about: 'distance', clause });
  }
  if (speedup !== null && candidate !== serial) {
    const clause = `it is ${ratioDigits(speedup.median)} times as fast as serial (95 % interval ${intervalWords(speedup)})`;
    reasons.push({ about: 'speedup', clause });
  }
  return {
    aim: rule,
    isAimMet: isMet,
    reasons: [...reasons, ...causes, ...costReasons(candidate, serial)],
  };
}

function tieRatio(candidate: Candidate, others: readonly Candidate[], fastest: Candidate): string {
  const [other] = others;
  const shown = candidate === fastest ? other : candidate;
  if (shown === undefined || others.length > 1) return '';
  return ` (${ratioDigits(shown.ratio.median)} times, 95 % interval ${intervalWords(shown.ratio)})`;
}

function doubtWords({ ratio }: Candidate, fastest: Candidate): string {
  return (
    `${cellName(fastest.cell)} was ${ratioDigits(ratio.median)} times as fast (95 % interval ${intervalWords(ratio)}), ` +
    'but nothing that was measured explains it: no more cores busy, no less waiting, start-up or messages'
  );
}

/** It is recommended for being cheaper: by what. */
function cheaperWords(candidate: Candidate, others: readonly Candidate[]): string {
  const dearer = others.filter((other) => isLeaner(candidate, other));
  const memory = candidate.memoryBytes;
  if (dearer.length === others.length && memory !== null) {
    const savedBytes = Math.min(...dearer.map((other) => (other.memoryBytes ?? Number.NaN) - memory));
    return `, and it is recommended for being cheaper: at least ${formatBytes(savedBytes)} less memory`;
  }
  return others.every(({ cell }) => cell.workers > candidate.cell.workers)
    ? ', and it is recommended for being cheaper: fewer workers'
    : '';
}

function whatWouldChange(choice: Choice, fastest: Candidate, { strategies, cells }: VerdictInput): string {
  if (choice.candidate.isDoubted) {
    return `More blocks would show whether ${cellName(fastest.cell)} is really the faster one.`;
  }
  const { strategy } = choice.candidate.cell;
  const own = strategies.find((other) => other.strategy === strategy);
  if (own?.breakEven.state === 'breaks-even' && own.breakEven.fasterBeyond === 'second') {
    const { taskMs, low, high } = own.breakEven;
    const upper = high === null ? 'no upper end' : formatDuration(high);
    return (
      `Tasks shorter than ${formatDuration(taskMs)} of serial work (95 % interval ${formatDuration(low)} to ` +
      `${upper}) would make serial the faster one.`
    );
  }
  if (strategy === 'serial') {
    const crossing = strategies
      .flatMap(({ strategy: name, breakEven }) =>
        breakEven.state === 'breaks-even' && breakEven.fasterBeyond === 'second' && breakEven.high !== null
          ? [{ name, taskMs: breakEven.taskMs }]
          : [],
      )
      .sort((left, right) => left.taskMs - right.taskMs)[0];
    if (crossing !== undefined) {
      return (
        `Tasks longer than ${formatDuration(crossing.taskMs)} of serial work would make ${crossing.name} the ` +
        'faster one.'
      );
    }
  }
  if (own?.fit.ok === true && own.fit.value.isBestAtEdge && fastest.cell.strategy === strategy) {
    return `More than ${own.fit.value.toWorkers} workers might be faster still; they were not measured.`;
  }
  const causes = new Set(cells.map(({ cause }) => cause?.cause));
  if (causes.has('gil')) return 'A build without the interpreter’s lock would let threads run at once.';
  if (causes.has('throttled')) return 'A larger CPU quota would let more workers run at once.';
  return 'Other work, another number of cores or less memory can change the answer: measure again.';
}

function describeNoise(noise: NoiseFloor | null): string[] {
  if (noise === null) return [];
  const words = `the same strategy measured twice differed by ${ratioDigits(noise.ratio.median)} times (95 % interval ${intervalWords(noise.ratio)})`;
  return [
    noise.isBiased
      ? `${words}, though it is the same: something disturbs by place in the block.`
      : `${words}.`,
  ];
}

function describeLeftOut(cells: readonly CellAnalysis[], candidates: readonly Candidate[]): string[] {
  const left = cells.filter(({ cell }) => !candidates.some((candidate) => candidate.cell === cell));
  if (left.length === 0) return [];
  const names = joinWords(left.map(({ cell }) => cellName(cell)));
  return [`${names} shares fewer than two blocks with the fastest and is not compared.`];
}

function failed(objective: Objective): MatrixVerdict {
  return {
    state: 'failed',
    objective,
    recommended: null,
    tied: [],
    pareto: [],
    ratios: new Map(),
    cause: 'unclear',
    sentence:
      'No strategy has two finished runs, so nothing can be told from noise; repeat with at least 5 blocks.',
    answer: null,
    wouldChange: '',
    holdsFor,
    evidence: [],
  };
}

function medianOrNull(cell: Candidate['cell'], column: MeasuredColumn): number | null {
  const values = knownValues(cell.runs, column);
  return values.length === 0 ? null : medianOf(values);
}

function memoryOf(cell: Candidate['cell']): Pick<Candidate, 'memoryBytes' | 'memorySpreadBytes'> {
  const values = knownValues(cell.runs, 'peakPssBytes');
  if (values.length === 0) return { memoryBytes: null, memorySpreadBytes: 0 };
  const memoryBytes = medianOf(values);
  return { memoryBytes, memorySpreadBytes: medianOf(values.map((value) => Math.abs(value - memoryBytes))) };
}
