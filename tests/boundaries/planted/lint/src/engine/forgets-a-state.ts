// expect: @typescript-eslint/switch-exhaustiveness-check
export function name(state: 'running' | 'finished'): void {
  switch (state) {
    case 'running':
      break;
  }
}
