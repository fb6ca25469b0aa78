import type { EnvironmentEntry, Fact, MappingSum, ProcessFacts } from '../../shared/process-facts.ts';
import type { ProcessIdentity } from '../../shared/process-requests.ts';
import type { Problem, Result } from '../../shared/result.ts';
import type { Backend } from '../lib/backend.ts';

/** What was asked about one process of the tree; nothing is asked again by itself. */
export class TreeFacts {
  /** Null before they are known. */
  facts: ProcessFacts | null = $state.raw(null);
  /** Null while it is hidden. */
  environment: Fact<readonly EnvironmentEntry[]> | null = $state.raw(null);
  showsSecrets = $state(false);
  memoryMap: Fact<readonly MappingSum[]> | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);
  readonly #backend: Backend;
  readonly #identity: ProcessIdentity;

  constructor(backend: Backend, { pid, startedUnixMs }: ProcessIdentity) {
    this.#backend = backend;
    this.#identity = { pid, startedUnixMs };
  }

  async load(): Promise<void> {
    this.facts = this.#take(await this.#backend.request('process:facts', this.#identity));
  }

  async showEnvironment(withSecrets: boolean): Promise<void> {
    const wish = { ...this.#identity, withSecrets };
    this.environment = this.#take(await this.#backend.request('process:environment', wish));
    this.showsSecrets = withSecrets;
  }

  /** What was shown is forgotten. */
  hideEnvironment(): void {
    this.environment = null;
    this.showsSecrets = false;
  }

  async loadMemoryMap(): Promise<void> {
    this.memoryMap = this.#take(await this.#backend.request('process:memory-map', this.#identity));
  }

  #take<Value>(answer: Result<Value>): Value | null {
    this.problem = answer.ok ? null : answer.problem;
    return answer.ok ? answer.value : null;
  }
}
