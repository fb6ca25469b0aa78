// expect: nothing
export const canvas: OffscreenCanvas = new OffscreenCanvas(2, 2);
