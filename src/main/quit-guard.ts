import type { Measured } from './attention.ts';

/** What the user is asked before a measurement is lost. */
export interface QuitQuestion {
  readonly message: string;
  readonly detail: string;
  /** The first does no harm. */
  readonly buttons: readonly [keep: string, quit: string];
}

export interface QuitGuard {
  /**
   * Whether the app, or its last window, may go now. Where it may not, the user is asked, and `goOn` is called if they
   * agree; then it may.
   */
  readonly mayGo: (goOn: () => void) => boolean;
  /** Nobody is there to be asked: the system ends the session. */
  readonly agree: () => void;
}

const questions: Readonly<Record<Measured, QuitQuestion>> = {
  'view-experiment': {
    message: 'A comparison is being measured.',
    detail: 'Quitting cancels it: there will be no verdict. What was recorded of it stays.',
    buttons: ['Keep measuring', 'Quit'],
  },
  'view-differences': {
    message: 'The differences of threads and processes are being measured.',
    detail: 'Quitting cancels it: there will be no new table. The one before it stays.',
    buttons: ['Keep measuring', 'Quit'],
  },
};

export function createQuitGuard(tools: {
  readonly measured: () => Measured | null;
  /** True where the user wants to quit all the same. */
  readonly ask: (question: QuitQuestion) => Promise<boolean>;
}): QuitGuard {
  let isAgreed = false;
  let isAsking = false;
  return {
    mayGo: (goOn) => {
      const measured = tools.measured();
      if (isAgreed || measured === null) return true;
      if (isAsking) return false;
      isAsking = true;
      void tools.ask(questions[measured]).then((agreed) => {
        isAsking = false;
        isAgreed = agreed;
        if (agreed) goOn();
      });
      return false;
    },
    agree: () => {
      isAgreed = true;
    },
  };
}
