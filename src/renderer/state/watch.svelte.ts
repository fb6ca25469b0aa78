import { fail, type Problem, type Result } from '../../shared/result.ts';
import type { ProcessIdentity } from '../../shared/process-requests.ts';
import type { Milliseconds } from '../../shared/units.ts';
import type { ProcessesAnswer, ProcessOrder, WatchedTree } from '../../shared/watch-requests.ts';
import type { Backend } from '../lib/backend.ts';
import { splitCommandLine } from './command-line.ts';

/** Two readings of a start on the wall clock differ by less: see `act-on-process.ts`. */
const sameStartWithinMs: Milliseconds = 2_000;

/** The processes to choose from and those that are watched, as the engine told them last. */
export class WatchState {
  search = $state('');
  order: ProcessOrder = $state('cpu');
  /** Null before the first answer. */
  listed: ProcessesAnswer | null = $state.raw(null);
  /** The newest first. */
  trees: readonly WatchedTree[] = $state.raw([]);
  /** Why the last thing that was asked for was not done; null where it was. */
  problem: Problem | null = $state.raw(null);
  /** Whether something is being attached to or started. */
  isBeginning = $state(false);
  pidText = $state('');
  commandLine = $state('');
  /** Where the command runs; empty: where Corescope was started. */
  folder = $state('');
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Asks for the list anew; an answer to a question that has changed meanwhile is not shown. */
  async refreshList(): Promise<void> {
    const { search, order } = this;
    const answer = await this.#backend.request('watch:processes', { search, order });
    if (search !== this.search || order !== this.order) return;
    if (answer.ok) this.listed = answer.value;
    else this.problem = answer.problem;
  }

  async refreshTrees(): Promise<void> {
    const answer = await this.#backend.request('watch:state', null);
    if (answer.ok) this.trees = answer.value;
  }

  /** True where it is now watched. */
  attach(pid: number, startMark: number | null): Promise<boolean> {
    return this.#begin(() => this.#backend.request('watch:attach', { pid, startMark }));
  }

  /** A process that is known by when it started, as rows of a tree know theirs. */
  attachSame({ pid, startedUnixMs }: ProcessIdentity): Promise<boolean> {
    return this.#begin(async () => {
      const question = { search: String(pid), order: 'pid' } as const;
      const answer = await this.#backend.request('watch:processes', question);
      if (!answer.ok) return answer;
      const found = answer.value.processes.find((process) => process.pid === pid);
      const foundMs = found?.startedUnixMs ?? null;
      if (
        foundMs !== null &&
        startedUnixMs !== null &&
        Math.abs(foundMs - startedUnixMs) > sameStartWithinMs
      ) {
        return fail('process-gone', `The process ${pid} has ended already.`, 'Choose another one.');
      }
      // What is not among the first that match may still be there: the engine says.
      return await this.#backend.request('watch:attach', { pid, startMark: found?.startMark ?? null });
    });
  }

  attachTyped(): Promise<boolean> {
    const text = this.pidText.trim();
    const pid = Number(text);
    if (/^\d+$/.test(text) && pid > 0 && pid <= 0x7fff_ffff) return this.attach(pid, null);
    return this.#begin(() =>
      Promise.resolve(
        fail('invalid-pid', `"${text}" is not a process number.`, 'Type digits, as ps or the list tells it.'),
      ),
    );
  }

  start(): Promise<boolean> {
    const split = splitCommandLine(this.commandLine);
    if (split.ok && split.argv.length > 0) {
      const { argv } = split;
      const folder = this.folder === '' ? null : this.folder;
      return this.#begin(() => this.#backend.request('watch:start', { argv, folder }));
    }
    const reason = split.ok ? 'There is no command.' : split.reason;
    return this.#begin(() =>
      Promise.resolve(fail('invalid-command', reason, 'Type it as in a terminal; it runs without a shell.')),
    );
  }

  async chooseFolder(): Promise<void> {
    const chosen = await this.#backend.request('file:choose', { purpose: 'folder' });
    if (!chosen.ok) this.problem = chosen.problem;
    else this.folder = chosen.value.path ?? this.folder;
  }

  async stop(id: number): Promise<void> {
    const stopped = await this.#backend.request('watch:stop', { id });
    this.problem = stopped.ok ? null : stopped.problem;
    await this.refreshTrees();
  }

  async forget(id: number): Promise<void> {
    await this.#backend.request('watch:forget', { id });
    await this.refreshTrees();
  }

  async #begin(ask: () => Promise<Result<WatchedTree>>): Promise<boolean> {
    if (this.isBeginning) return false;
    this.isBeginning = true;
    this.problem = null;
    const begun = await ask();
    this.isBeginning = false;
    if (!begun.ok) {
      this.problem = begun.problem;
      return false;
    }
    await this.refreshTrees();
    return true;
  }
}
